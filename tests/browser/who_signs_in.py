"""Who may sign in to the servers under test, the settings that say so, and the cookie of such a sign-in."""

import json
import time

from playwright.sync_api import Page
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

OFFICER, STRANGER = "officer-1", "stranger-1"
COOKIE_SECRET = "not-a-secret-but-long-enough-0123456789"
# Never contacted: the officer arrives with the cookie that a sign-in would have set.
ISSUER = "https://id.example"


def secrets(provider: str, browsing: str) -> str:
    return f"""
        [auth]
        redirect_uri = "http://127.0.0.1:{{port}}/oauth2callback"
        cookie_secret = "{COOKIE_SECRET}"
        client_id = "dashboard"
        client_secret = "any"
        server_metadata_url = "{provider}/.well-known/openid-configuration"

        [access]
        browsing = "{browsing}"

        [[access.people]]
        issuer = "{provider}"
        subject = "{OFFICER}"
        name = "Jo *Officer*"
        role = "officer"
        authorities = ["Leeds", "E08000016"]
    """


def put_cookie(page: Page, url: str, provider: str, lasts: float) -> None:
    """Sign the officer in as Streamlit would, for so many seconds."""
    user = {
        "is_logged_in": True, "origin": url, "provider": "default", "iss": provider, "sub": OFFICER,
        "exp": int(time.time() + lasts),
    }  # fmt: skip
    value = create_signed_value(COOKIE_SECRET, "_streamlit_user", json.dumps(user)).decode()
    page.context.add_cookies([{"name": "_streamlit_user", "value": value, "url": url}])
