"""Files that people give us: what they really are, where they are kept, and whether a scanner finds fault with them.

Nothing here trusts a name or a media type that came with a file, and nothing opens a file for anybody: kinds are told
from the content, packages are checked before anything is unpacked.
"""
