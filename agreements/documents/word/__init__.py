"""The agreement as a Word document: content, what differs from another agreement, and the file's XML.

`content` makes paragraphs and tables of a Document, `changes` compares two of them, `body` writes them,
`parts` and `package` the rest of the file. No clock and no chance: one Document gives the same bytes.
"""
