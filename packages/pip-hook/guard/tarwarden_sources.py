"""The part of tarwarden's guard for pip that sees to folders and repositories, which are no archives.

Those that the user names, on the command line, in a requirements file or as a constraint, are taken as they are, and what they
require too. An index, a folder of archives or the metadata of an archive may not choose one: nothing of it would be inspected.
"""
import os

ENV = os.environ
BUILT = "TARWARDEN_PIP_BUILT"  # the archive that is prepared: what pips below are told to install was chosen by it
constrained = set()  # links of constraints
taken = set()  # links of folders and repositories


def asked(real):  # requirements and constraints, before any is resolved
    def guarded(*args, **kwargs):
        requirements = real(*args, **kwargs)
        constrained.update(one.link.url for one in requirements if one.constraint and one.link)
        return requirements
    return guarded


def chooser(req):
    """Who chose a folder or repository, which is no archive: None for the user, or for another one that the user chose."""
    link, parent, chosen = req.link, req.comes_from, req.original_link
    if req.editable or link.url in constrained:
        return None
    if chosen is None or chosen.url != link.url:
        return "the page %s" % link.comes_from if link.comes_from else "an index or --find-links"
    # With extras, pip makes a second requirement of one.
    while getattr(parent, "link", None) and parent.link.url == link.url:
        parent = parent.comes_from
    if hasattr(parent, "link"):
        known = parent.link and parent.link.url in taken
        return None if known else "the metadata of %s" % (parent.link.filename if parent.link else parent.name)
    return ("the build of %s" % ENV[BUILT]) if BUILT in ENV else None if req.user_supplied else "another package"


def take(req, ask):
    by = chooser(req)
    about = {} if by is None else {"chosenBy": by}
    kind = "repository" if req.link.is_vcs else "folder"
    answer = ask(ask="source", kind=kind, label=req.name or req.link.filename or req.link.url, source=req.link.url, **about)
    if answer.get("status") != "accept":
        from pip._internal.exceptions import InstallationError
        raise InstallationError(answer.get("message"))
    taken.add(req.link.url)


def preparing(ask):
    def replacement(real):
        def guarded(self, req, *args, **kwargs):
            if req.editable or req.link.is_vcs or req.link.is_existing_dir():
                take(req, ask)
                return real(self, req, *args, **kwargs)
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
