"""Login through Streamlit's own OIDC, where its secrets.toml has a section [auth]."""

from __future__ import annotations

import streamlit as st
from streamlit.errors import StreamlitSecretNotFoundError


def require() -> None:
    """Let only people who are logged in go on; everybody where no login is configured."""
    if not _configured() or st.user.get("is_logged_in"):
        return
    st.write("アーカイブリストを見るにはログインしてください。")
    st.button("ログイン", type="primary", on_click=st.login)
    st.stop()


def _configured() -> bool:
    try:
        return "auth" in st.secrets
    except StreamlitSecretNotFoundError:
        return False
