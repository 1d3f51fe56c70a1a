"""Security headers of every answer."""

from __future__ import annotations

from flask import Flask, Response, request
from secure import (
    ContentSecurityPolicy,
    CrossOriginOpenerPolicy,
    CrossOriginResourcePolicy,
    ReferrerPolicy,
    Secure,
    StrictTransportSecurity,
    XContentTypeOptions,
    XFrameOptions,
)


def install(app: Flask, *, secure: bool) -> None:
    """Set the headers after each request. Everything a page needs comes from this site; nothing is inline."""
    policy = (
        ContentSecurityPolicy()
        .default_src("'none'")
        .script_src("'self'")
        .style_src("'self'")
        .img_src("'self'")
        .font_src("'self'")
        .connect_src("'self'")
        .form_action("'self'")
        .base_uri("'none'")
        .frame_ancestors("'none'")
    )
    headers = Secure(
        csp=policy,
        coop=CrossOriginOpenerPolicy().same_origin(),
        corp=CrossOriginResourcePolicy().same_origin(),
        referrer=ReferrerPolicy().same_origin(),
        xcto=XContentTypeOptions().nosniff(),
        xfo=XFrameOptions().deny(),
        hsts=StrictTransportSecurity().max_age(31_536_000).include_subdomains() if secure else None,
    )

    @app.after_request
    def set_headers(response: Response) -> Response:
        stricter = response.headers.get("Content-Security-Policy")  # a file that is handed out has its own
        headers.set_headers(response)
        if stricter:
            response.headers["Content-Security-Policy"] = stricter
        if request.endpoint != "static":
            response.headers["Cache-Control"] = "no-store"
        return response
