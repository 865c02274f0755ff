"""tarwarden's guard for pip, which Python loads at its start (site) because this folder is first in PYTHONPATH.

Every archive that pip is about to use is reported to the wrapper by path and SHA-256, where pip gets hold of it and again where
it unpacks or installs. Nothing is read or decided here. A program that does not import pip only gets an import hook.
"""
import os
import sys

import tarwarden_index
import tarwarden_paths
import tarwarden_sources

HERE = os.path.dirname(os.path.abspath(__file__))
ENV = os.environ
UNSUPPORTED = 97
# Commands that fetch nothing: what pip needs for the others does not have to be loaded for these.
OFFLINE = "cache check completion config debug freeze hash help inspect list search show uninstall".split()
accepted = set()
patched = set()
offered = {}
owned = set()  # archives where no other user can write


def ask(**question):
    import json
    import socket
    kind, _, address = ENV.get("TARWARDEN_INSPECTOR", "").partition(":")
    question["token"] = ENV.get("TARWARDEN_INSPECTOR_TOKEN", "")
    connection = socket.socket(socket.AF_INET if kind == "tcp" else socket.AF_UNIX)
    try:
        host, _, port = address.rpartition(":")
        connection.connect((host, int(port)) if kind == "tcp" else address)
        connection.sendall(json.dumps(question).encode() + b"\n")
        return json.loads(connection.makefile("rb").readline().decode())
    except (EnvironmentError, ValueError) as error:
        return {"status": "error", "message": "tarwarden: the inspector does not answer (%s)" % error}
    finally:
        connection.close()


def stop(reason):
    ask(ask="unsupported", reason=reason)
    sys.stderr.write("tarwarden: %s: refusing to run pip unguarded\n" % reason)
    sys.stderr.flush()
    os._exit(UNSUPPORTED)


def check(path, wheel, link=None, name=None, index_words={}):
    import binascii
    import hashlib
    path, digest = os.path.realpath(path), hashlib.sha256()
    with open(path, "rb") as file:
        for piece in iter(lambda: file.read(1 << 20), b""):
            digest.update(piece)
    name = name or (os.path.basename(path) if link is None else link.filename)
    archive = (digest.hexdigest(), "wheel" if wheel else "sdist")
    index_words = index_words or tarwarden_index.words_about(link)
    named_archive = archive + (name,) + tuple(sorted(index_words.values()))
    # When pip uses an archive, it no longer knows under which name the archive came.
    if (named_archive if index_words or link is not None else archive) in accepted:
        return
    details = dict(index_words) if link is None else dict(offered.get(link.url, {}), source=link.url, **index_words)
    # A path that is not UTF-8 has no text in JSON.
    answer = ask(ask="inspect", pathHex=binascii.hexlify(os.fsencode(path)).decode(), sha256=archive[0], format=archive[1], fileName=name, **details)
    if answer.get("status") != "accept":
        from pip._internal.exceptions import InstallationError
        raise InstallationError(answer.get("message"))
    accepted.update((archive, named_archive))


def check_download(path, link):
    check(path, link.is_wheel, link)
    from pip._internal.utils.misc import splitext
    ending = splitext(os.path.basename(path))[1]
    # A server may give the file another name, and pip chooses by its ending how to unpack it. The server does not choose the project.
    if not link.is_wheel and ending != splitext(link.filename)[1]:
        check(path, False, link, "archive" + ending)


def replace(owner, name, make):
    real = getattr(owner, name, None) or stop("this pip has no %s.%s" % (owner.__name__, name))
    setattr(owner, name, make(real))


def candidate(real):  # keeps the project and version of each archive that an index or a folder offers
    def guarded(*args, **kwargs):
        offer = real(*args, **kwargs)
        if offer is not None:
            tarwarden_index.keep_words(offer.link)
            offered[offer.link.url] = {"name": offer.name, "version": str(offer.version), "origin": "index"}
        return offer
    return guarded


def private(path, arguments=()):
    """A copy that only this user can write: others could change the file after it was inspected, or after pip has checked its
    hash. So the hashes that pip has to check, which are among the arguments, must be those of the copy."""
    import shutil
    from pip._internal.utils.temp_dir import TempDirectory
    copy = os.path.join(TempDirectory(kind="tarwarden", globally_managed=True).path, os.path.basename(path))
    shutil.copyfile(path, copy)
    for hashes in arguments:
        if hasattr(hashes, "check_against_path") and hashes:
            hashes.check_against_path(copy)
    owned.add(copy)
    return copy


def fetched(real, local=False):  # fetches a link, and returns a file with its path
    def guarded(link, *args, **kwargs):
        file = real(link, *args, **kwargs)
        if tarwarden_index.fetching:
            tarwarden_index.keep_metadata(file.path)
        else:
            if local and file.path not in owned:
                file.path = private(file.path, list(args) + list(kwargs.values()))
            owned.add(file.path)  # a download is in a temporary folder of pip's
            check_download(file.path, link)
        return file
    return guarded


def fetched_local(real):
    return fetched(real, local=True)


def downloaded_before(real):  # returns the path of an earlier download of a link, or None
    def guarded(link, *args, **kwargs):
        tarwarden_paths.check_name(ask, link.filename, link.url, link.url)
        path = real(link, *args, **kwargs)
        if path is not None:
            path = private(path, list(args) + list(kwargs.values()))
            check(path, link.is_wheel, link)
        return path
    return guarded


def batch(real):  # fetches several links, after their metadata
    def guarded(*args, **kwargs):
        for link, (path, content_type) in real(*args, **kwargs):
            owned.add(path)
            check_download(path, link)
            yield link, (path, content_type)
    return guarded


def unpacking(real):
    def guarded(filename, *args, **kwargs):
        filename = filename if filename in owned else private(filename)
        check(filename, False)
        return real(filename, *args, **kwargs)
    return guarded


def building(real):  # builds a wheel, and returns its path or None. `pip wheel` does not install it.
    def guarded(req, *args, **kwargs):
        path = real(req, *args, **kwargs)
        if path:
            check(path, True, index_words=tarwarden_index.words_about_build(req.link))
        return path
    return guarded


def installing(real):
    def guarded(name, wheel_path, *args, **kwargs):
        # A wheel that pip built may be in pip's cache.
        wheel_path = wheel_path if wheel_path in owned else private(wheel_path)
        check(wheel_path, True)
        return real(name, wheel_path, *args, **kwargs)
    return guarded


def starting(real):  # starts other programs, among them build backends, for which pip replaces PYTHONPATH
    def guarded(*args, **kwargs):
        python_path = ENV.get("PYTHONPATH")
        other_folders = [folder for folder in (python_path or "").split(os.pathsep) if folder not in ("", HERE)]
        ENV["PYTHONPATH"] = os.pathsep.join([HERE] + other_folders)
        try:
            return real(*args, **kwargs)
        finally:
            ENV.pop("PYTHONPATH") if python_path is None else ENV.update(PYTHONPATH=python_path)
    return guarded


def command(real):
    def guarded(name, *args, **kwargs):
        import pip
        hello = ask(ask="hello", guard="1", client="pip " + pip.__version__, nonce=ENV.pop("TARWARDEN_INSPECTOR_NONCE", None))
        if hello.get("status") != "welcome":
            stop(hello.get("message"))
        if name not in OFFLINE:
            tarwarden_paths.watch(ask)
            try:
                for module in POINTS:
                    importlib.import_module(module)
            except ImportError as error:
                stop("this pip is built in another way (%s)" % error)
            if patched != set(POINTS):
                stop("this pip loads its modules in a way that is not known")
        instance = real(name, *args, **kwargs)
        if name in ("wheel", "lock"):
            instance.run = tarwarden_paths.fencing(tarwarden_paths.running)(instance.run)
        return instance
    return guarded


def prepare(module):
    replace(module, "get_http_url", fetched)
    replace(module, "get_file_url", fetched_local)
    replace(module, "_check_download_dir", downloaded_before)
    for name in ("_prepare_linked_requirement", "prepare_editable_requirement"):
        replace(module.RequirementPreparer, name, tarwarden_sources.preparing(ask))
    for name in ("prepare_linked_requirement", "prepare_editable_requirement", "save_linked_requirement"):
        replace(module.RequirementPreparer, name, tarwarden_paths.fencing(tarwarden_paths.requirement))
    replace(module.RequirementPreparer, "prepare_linked_requirements_more", tarwarden_paths.fencing(tarwarden_paths.requirements))
    if hasattr(module.RequirementPreparer, "_fetch_metadata_using_link_data_attr"):  # since 23.0
        replace(module.RequirementPreparer, "_fetch_metadata_using_link_data_attr", tarwarden_index.metadata)


def download(module):
    replace(module, "_get_http_response_filename", tarwarden_paths.named_by_server(ask))
    if hasattr(module, "BatchDownloader"):
        replace(module.BatchDownloader, "__call__", batch)  # until 25.1
    else:
        replace(module.Downloader, "batch", batch)


def build(module):
    replace(module, "_build_one", tarwarden_paths.fencing(tarwarden_paths.build))
    replace(module, "_build_one", building)


def install(module):
    replace(module, "install_wheel", tarwarden_paths.fencing(tarwarden_paths.wheel))
    replace(module, "install_wheel", installing)


POINTS = {
    "pip._internal.operations.prepare": prepare,
    "pip._internal.network.download": download,
    "pip._internal.utils.unpacking": lambda m: replace(m, "unpack_file", unpacking),
    "pip._internal.wheel_builder": build,
    "pip._internal.operations.install.wheel": install,
    "pip._internal.index.package_finder": lambda m: replace(m.PackageFinder, "get_install_candidate", candidate),
    "pip._internal.cache": lambda m: replace(m.WheelCache, "get_cache_entry", tarwarden_sources.cached(ask, offered)),
    "pip._internal.req.req_install": lambda m: replace(m.InstallRequirement, "unpacked_source_directory", tarwarden_paths.built_folder(ask)),
    "pip._internal.cli.req_command": lambda m: replace(m.RequirementCommand, "get_requirements", tarwarden_sources.requiring),
    "pip._internal.utils.subprocess": lambda m: replace(m, "call_subprocess", starting),
    "pip._internal.commands": lambda m: replace(m, "create_command", command),
}


class Loader(object):  # runs a module and guards it. Loaders of zip files have no exec_module until Python 3.10.
    def __init__(self, real):
        self.real = real

    def __getattr__(self, name):
        return getattr(self.real, name)

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        name = module.__spec__.name
        exec(self.real.get_code(name), module.__dict__)
        POINTS[name](module)
        patched.add(name)


class Finder(object):
    def find_module(self, name, path=None):  # Python 2
        if name == "pip":
            stop("pip under Python %d.%d" % sys.version_info[:2])

    def find_spec(self, name, path=None, target=None):
        if name == "pip" and sys.version_info < (3, 7):
            self.find_module(name)
        if name not in POINTS:
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is None or spec.loader is None:
            stop("%s of this pip cannot be found" % name)
        spec.loader = Loader(spec.loader)
        return spec


sys.meta_path.insert(0, Finder())
if sys.version_info >= (3, 7):
    import importlib
    from importlib.machinery import PathFinder
    # The sitecustomize that this one hides: the system's, the user's, or that of a build environment of pip.
    spec = PathFinder.find_spec("sitecustomize", [folder for folder in sys.path if os.path.abspath(folder) != HERE])
    if spec is not None and spec.origin:
        exec(spec.loader.get_code("sitecustomize"), {"__name__": "sitecustomize", "__file__": spec.origin})
