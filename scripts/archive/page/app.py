"""What Streamlit runs for every visitor and every change."""

from scripts.archive.page.screen import show

show()
