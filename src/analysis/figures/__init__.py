"""The figures: register, releases, workbooks as published, residents and revisions."""
