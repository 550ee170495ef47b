"""The pages: server-rendered HTML over reports and services, with JSON, CSV and XLSX beside each."""

from cadre.web.app import create_app

__all__ = ["create_app"]
