"""Wrong arguments, in the words of the people who typed them."""

from __future__ import annotations

import typer


def explain(error: typer.TyperException) -> str:
    """What is wrong with the arguments, and where to look how they are meant; empty if nothing is.

    Without arguments typer shows the help itself.
    """
    if type(error).__name__ == "NoArgsIsHelpError":
        return ""
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "archive"
    return f"指定が正しくありません: {_reason(error)}\n使い方: {path} --help"


def _reason(error: typer.TyperException) -> str:
    match type(error).__name__:
        case "MissingParameter":
            return f"{_parameter(error)} を指定してください"
        case "NoSuchOption":
            return f"{getattr(error, 'option_name', '')} という指定はありません"
        case "BadOptionUsage":
            return f"{getattr(error, 'option_name', '')} の値を指定してください"
        case "BadParameter":
            return f"{_parameter(error)} の値が正しくありません（{error}）"
        case _:
            return str(error)


def _parameter(error: typer.TyperException) -> str:
    parameter = getattr(error, "param", None)
    if parameter is None:
        return str(getattr(error, "param_hint", None) or "値")
    if parameter.param_type_name == "option":
        return str(max(parameter.opts, key=len))
    return str(parameter.metavar or parameter.name)
