from tests.system.system import System, applied

archive = applied("archive", System)
