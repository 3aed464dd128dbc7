"""Reading an existing agreement, as plain text taken from a PDF, into clauses, services and parties.

Pure: text in, frozen dataclasses out. Start at `plain_text.read`. The promise of the package is that
no word of the text is lost: whatever is not understood is handed back as left over, and says why.
"""
