"""Everything that touches Streamlit: the shell around the pages, shared choices, failures and the server."""
