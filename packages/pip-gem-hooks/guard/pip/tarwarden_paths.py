"""The part of tarwarden's guard for pip that checks names from which pip makes paths.

Names in addresses, in headers of servers and in packages become paths. The guard checks each name when pip has decoded it for the
last time, before pip uses it.
"""
import os

try:
    from urllib.parse import unquote
except ImportError:  # Python 2, of which the guard only says that it is not supported
    unquote = None


def refuse(ask, label, source, reason):
    """Raises what pip reports as an error. The wrapper remembers it, so that the run fails in any case."""
    answer = ask(ask="stopped", label=label, source=source, reason=reason)
    from pip._internal.exceptions import InstallationError
    raise InstallationError(answer.get("message"))


def is_component(name):
    """Whether a name can only be the name of a file in a folder, on every system."""
    return name not in ("", ".", "..") and not any(sign in name for sign in "/\\\0") and not os.path.splitdrive(name)[0]


def leaves(path):
    """Whether a path names something outside the folder that it is relative to, on any system, also if it is decoded."""
    for text in (path, unquote(path), unquote(unquote(path))):
        text = text.replace("\\", "/")
        depth = 0
        for part in text.split("/"):
            depth += -1 if part == ".." else 1 if part not in ("", ".") else 0
            if depth < 0:
                return True
        if text.startswith("/") or "\0" in text or (text[1:2] == ":" and text[:1].isalpha()):
            return True
    return False


def check_link(ask, req):
    """Checks the names in a link that pip makes paths of: the name of the file, and the folder in the archive."""
    link = req.link
    label = req.name or link.url
    if not (link.is_vcs or link.is_existing_dir()):
        check_name(ask, link.filename, label, link.url)
    subdirectory = link.subdirectory_fragment
    if subdirectory and leaves(subdirectory):
        refuse(ask, label, link.url, "its subdirectory %r is not in the archive" % subdirectory)


def check_name(ask, name, label, source):
    if not is_component(name):
        refuse(ask, label, source, "the name of its file would be %r, which is a path to another folder" % name)


def named_by_server(ask):  # the name that a download gets, of its address and of the headers
    def replacement(real):
        def guarded(resp, link, *args, **kwargs):
            name = real(resp, link, *args, **kwargs)
            check_name(ask, name, link.url, link.url)
            return name
        return guarded
    return replacement


def built_folder(ask):  # the folder of a source that pip builds: links in an archive or a repository can lead out of it
    def replacement(real):
        def guarded(req):
            path = real.fget(req)
            inside = os.path.realpath(req.source_dir)
            if not is_within(os.path.realpath(path), inside):
                refuse(ask, req.name or req.link.url, req.link.url, "its subdirectory %r is not in the archive" % req.link.subdirectory_fragment)
            return path
        return property(guarded)
    return replacement


def is_within(path, folder):
    path, folder = os.path.normcase(path), os.path.normcase(folder)
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)
