"""A session as a FHIR R4 (4.0.1) collection bundle: one resource kind or two a module, put together by `bundle`."""
