"""The part of tarwarden's guard for pip that keeps the statements of an index about an archive, by which pip chooses: the versions of Python on
the page of a project, and the metadata file beside the archive (PEP 658). The wrapper compares them with the archive.
"""
import binascii
import hashlib
import os

words = {}  # by the address of an archive
fetching = []  # links of the archives whose metadata file is fetched right now


def keep_words(link):
    """Keeps the statements of the page about an archive that pip looks at."""
    if link.requires_python:
        words.setdefault(link.url, {})["requiresPython"] = link.requires_python[:4096]


def metadata(real):  # fetches the metadata file of a requirement: not an archive, whatever its address looks like
    def guarded(self, req, *args, **kwargs):
        fetching.append(req.link)
        try:
            return real(self, req, *args, **kwargs)
        finally:
            fetching.pop()
    return guarded


def keep_metadata(path):
    """Keeps the path of the metadata file, which is in a temporary folder of pip's until pip ends."""
    with open(path, "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    path = binascii.hexlify(os.fsencode(os.path.realpath(path))).decode()
    words.setdefault(fetching[-1].url, {}).update(metadataPathHex=path, metadataSha256=digest)


def words_about_build(link):
    """The metadata file beside a source archive is also that of the wheel that is built of it."""
    return {key: value for key, value in words_about(link).items() if key.startswith("metadata")}


def words_about(link):
    return {} if link is None else words.get(link.url, {})
