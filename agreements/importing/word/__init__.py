"""Reading a Word document (.docx), tracked changes and comments among it. Pure: bytes in, dataclasses out.

`archive` opens the file and refuses what is dangerous, `styles` and `numbering` know what a paragraph
looks like, `body` gives the text as it stood before the changes or with somebody's changes made, and
`agreements.importing.docx` makes an agreement of it.
"""
