"""The part of tarwarden's guard for pip that checks the paths that pip writes to.

Names in addresses, in headers of servers and in packages become paths. Each one is checked when pip has decoded it for the last
time, before pip uses it. And while pip fetches, unpacks, builds or installs a package, an audit hook of Python refuses writes
outside the folders that pip was told to use, however the path came about, and through no link that leads out of them.
"""
import os
import sys
import tempfile
from collections import namedtuple

try:
    from urllib.parse import unquote
except ImportError:  # Python 2, of which the guard only says that it is not supported
    unquote = None

Fence = namedtuple("Fence", "label source folders")
fences = []  # one for each package that pip works on now
configured = {}  # "cache": the folder of pip's cache; "root": that of --root or --prefix
# Modules that write files of their own to any folder that the user chose: compiled modules, logs, and files of a keyring.
COMPILING = ("importlib._bootstrap_external", "_frozen_importlib_external")
OTHERS = ("logging", "pip._internal.network.auth")
# For each event: where its paths are among the arguments, each with the descriptor of the folder that it is relative to.
EVENTS = {
    "os.mkdir": ((0, 2),), "os.remove": ((0, 1),), "os.rmdir": ((0, 1),), "os.truncate": ((0, None),),
    "os.rename": ((0, 2), (1, 3)), "os.link": ((0, 2), (1, 3)), "os.symlink": ((1, 2),),
    "os.chmod": ((0, 2),), "os.chown": ((0, 3),), "os.utime": ((0, 3),), "shutil.rmtree": ((0, None),),
}
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
OPEN_TO_ALL = (os.devnull, "/dev/tty", "/dev/stdout", "/dev/stderr", "CONOUT$", "CONIN$")
FOLLOWING = ("open", "os.truncate")  # links at the end of a path; the others are about the link itself


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
            check_name(ask, name, fences[-1].label if fences else link.url, link.url)
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


class fenced(object):
    """While the block runs, pip may write to these folders alone, and to those for temporary files."""

    def __init__(self, label, source, *folders):
        # The tracker is pip's list of builds, in a temporary folder of the pip that started this one.
        tracker = os.environ.get("PIP_BUILD_TRACKER") or os.environ.get("PIP_REQ_TRACKER")
        folders = (tempfile.gettempdir(), tracker, configured.get("cache"), getattr(sys, "pycache_prefix", None)) + folders
        folders = set(os.path.abspath(folder) for folder in folders if folder)
        self.fence = Fence(label, source, tuple(folders | set(os.path.realpath(folder) for folder in folders)))

    def __enter__(self):
        fences.append(self.fence)

    def __exit__(self, *error):
        # By identity: threads can end in another order.
        for at in range(len(fences) - 1, -1, -1):
            if fences[at] is self.fence:
                del fences[at]
                return


def resolved(path, event):
    """The real path that an event writes to. A link in a folder, for example in a repository, may lead out of that folder."""
    folder, name = os.path.split(path)
    if event in FOLLOWING or name in ("", os.curdir, os.pardir):
        return os.path.realpath(path)
    return os.path.join(os.path.realpath(folder), name)


def is_allowed(path, event):
    path = resolved(path, event)
    folders = [folder for fence in list(fences) for folder in fence.folders]
    # The folders themselves may not be there yet.
    return any(is_within(path, folder) or (event == "os.mkdir" and is_within(folder, path)) for folder in folders)


def written(event, arguments):
    """The paths that an event writes to. Events on open files have no path: the event that opened the file was checked before."""
    if event == "open":
        path, _, flags = arguments
        paths = [path] if isinstance(flags, int) and flags & WRITING else []
    else:
        # Skip paths relative to an open folder. That folder was checked before: shutil.rmtree has an event for the whole folder.
        paths = [arguments[at] for at, folder in EVENTS[event] if folder is None or arguments[folder] in (-1, None)]
    return [os.fsdecode(path) for path in paths if not isinstance(path, int)]


def is_of_others():
    frame = sys._getframe(2)
    if frame.f_globals.get("__name__") in COMPILING:
        return True
    while frame is not None and frame.f_globals.get("__name__") not in OTHERS:
        frame = frame.f_back
    return frame is not None


def watch(ask):
    """Starts to check writes. Python cannot remove an audit hook, so it stays. While nothing is fenced, it returns at once."""
    def hook(event, arguments):
        if not fences or (event != "open" and event not in EVENTS):
            return
        for path in written(event, arguments):
            if path in OPEN_TO_ALL or path == os.environ.get("SSLKEYLOGFILE") or is_allowed(path, event) or is_of_others():
                continue
            label, source, _ = fences[-1]
            refuse(ask, label, source, "pip would have written to %s, which is in none of the folders that it was told to use" % resolved(path, event))
    if hasattr(sys, "addaudithook"):  # since Python 3.8
        sys.addaudithook(hook)


def fencing(describe):
    """Fences a function of pip. `describe` is given its arguments, and returns those of `fenced`."""
    def replacement(real):
        def guarded(*args, **kwargs):
            with fenced(*describe(*args, **kwargs)):
                return real(*args, **kwargs)
        return guarded
    return replacement


def requirement(preparer, req, *args, **kwargs):  # that pip fetches and unpacks, or saves
    return req.name or req.link.url, req.link.url, preparer.build_dir, preparer.src_dir, preparer.download_dir


def requirements(preparer, reqs, *args, **kwargs):
    return "a package that pip downloads", None, preparer.build_dir, preparer.src_dir, preparer.download_dir


def running(options, args):  # `pip wheel` and `pip lock`, which also copy or write by themselves
    output_folder = getattr(options, "wheel_dir", None) or os.path.dirname(os.path.abspath(options.output_file))
    return "what pip saves", None, output_folder, options.src_dir, options.cache_dir


def build(req, output_dir, *args, **kwargs):
    return req.name, req.link and req.link.url, output_dir


def wheel(name, wheel_path, scheme, *args, **kwargs):
    # If the user named a folder, links below it are not the user's, so only that folder counts.
    # Older Pythons expand `~` in it, and newer ones do not.
    root = configured.get("root")
    folders = (root, os.path.expanduser(root)) if root else (scheme.platlib, scheme.purelib, scheme.headers, scheme.scripts, scheme.data)
    return (name, wheel_path) + folders
