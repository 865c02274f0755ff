"""The part of tarwarden's guard for pip that decides about folders and repositories, which are no archives, and about files of this machine.

Those that the user names, on the command line, in a requirements file or as a constraint, are taken, and what they require too:
folders and repositories as they are, files when they were inspected. An index or the metadata of an archive may choose neither.
"""
import os

import tarwarden_paths

ENV = os.environ
BUILT = "TARWARDEN_PIP_BUILT"  # the archive that is prepared: it chooses the packages that other pips install for its build
constrained = set()  # links of constraints
taken_urls = set()  # links of folders and repositories
built = set()  # links of wheels that pip made and keeps


def requiring(real):  # reads requirements and constraints, before any is resolved
    def guarded(*args, **kwargs):
        requirements = real(*args, **kwargs)
        constrained.update(requirement.link.url for requirement in requirements if requirement.constraint and requirement.link)
        options = args[2] if len(args) > 2 else kwargs.get("options")
        tarwarden_paths.configured["cache"] = getattr(options, "cache_dir", None)
        tarwarden_paths.configured["root"] = getattr(options, "root_path", None) or getattr(options, "prefix_path", None)
        return requirements
    return guarded


def chooser(req):
    """Names the chooser of a folder, repository or file. None for the user, and for a folder or repository that the user chose."""
    link, parent, chosen = req.link, req.comes_from, req.original_link
    if req.editable or link.url in constrained or link.url in built:
        return None
    if chosen is None or chosen.url != link.url:
        page = str(link.comes_from or "")
        # A folder of archives, or an index, on this machine: the user named it.
        if not link.is_existing_dir() and not link.is_vcs and (page == "" or page.startswith("file:")):
            return None
        return "the page %s" % page if page else "an index or --find-links"
    # With extras, pip makes a second requirement out of a requirement.
    while getattr(parent, "link", None) and parent.link.url == link.url:
        parent = parent.comes_from
    if hasattr(parent, "link"):
        is_taken = parent.link and parent.link.url in taken_urls
        return None if is_taken else "the metadata of %s" % (parent.link.filename if parent.link else parent.name)
    return ("the build of %s" % ENV[BUILT]) if BUILT in ENV else None if req.user_supplied else "another package"


def take(req, ask):
    chosen_by = chooser(req)
    details = {} if chosen_by is None else {"chosenBy": chosen_by}
    kind = "repository" if req.link.is_vcs else "folder" if req.link.is_existing_dir() else "file"
    answer = ask(ask="source", kind=kind, label=req.name or req.link.filename or req.link.url, source=req.link.url, **details)
    if answer.get("status") != "accept":
        from pip._internal.exceptions import InstallationError
        raise InstallationError(answer.get("message"))
    if kind != "file":
        taken_urls.add(req.link.url)


def preparing(ask):
    def replacement(real):
        def guarded(self, req, *args, **kwargs):
            tarwarden_paths.check_link(ask, req)
            if req.editable or req.link.is_vcs or req.link.is_existing_dir():
                take(req, ask)
                return real(self, req, *args, **kwargs)
            if req.link.is_file and chooser(req) is not None:
                take(req, ask)
            import json
            outer = ENV.get(BUILT)
            ENV.setdefault(BUILT, json.dumps(req.link.filename))  # no variable can hold everything that a name can
            try:
                return real(self, req, *args, **kwargs)
            finally:
                if outer is None:
                    ENV.pop(BUILT, None)
        return guarded
    return replacement


def cached(ask, offered):  # wheels that pip built of sdists; those of an earlier run without a verdict on the sdist are built anew
    def replacement(real):
        def guarded(self, link, *args, **kwargs):
            entry = real(self, link, *args, **kwargs)
            if entry is None:
                return None
            built.add(entry.link.url)
            if not entry.persistent:
                return entry
            # All wheels of a folder share one origin.json: with a second wheel, it is unknown of which archive each was built.
            if sum(name.lower().endswith(".whl") for name in os.listdir(os.path.dirname(entry.link.file_path))) != 1:
                return None
            hashes = getattr(getattr(getattr(entry, "origin", None), "info", None), "hashes", None) or {}
            sha256 = hashes.get("sha256") or (link.hash if link.hash_name == "sha256" else None) or "0" * 64
            answer = ask(ask="remembered", sha256=sha256.lower(), format="sdist", fileName=link.filename, **offered.get(link.url, {}))
            return entry if answer.get("status") == "accept" else None
        return guarded
    return replacement
