"""`python -m tests.bench.restore_stand_in PORT`: an S3 that agrees to every restore at once."""

import sys

from aiohttp import web


async def agree(request: web.Request) -> web.Response:
    await request.read()
    return web.Response(status=202)


if __name__ == "__main__":
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", agree)
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), print=None, access_log=None)
