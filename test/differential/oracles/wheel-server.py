"""Reads wheels from stdin (lengths as 4 bytes each, then the name and the wheel) and answers each with one line of JSON:
what zipfile reads, what pip unpacks, and what pip installs."""

import logging
import os
import zipfile

from pip._internal.models.scheme import Scheme
from pip._internal.operations.install.wheel import install_wheel
from pip._internal.utils.unpacking import unpack_file
from wheel_stdin import digest, on_disk, serve

logging.disable(logging.CRITICAL)
SCHEMES = ["site-packages", "headers", "scripts", "data"]


def read(wheel, _root):
    with zipfile.ZipFile(wheel) as archive:
        return [[i.filename, "file", digest(archive.read(i))] for i in archive.infolist() if not i.is_dir()]


def unpack(wheel, root):
    unpack_file(wheel, os.path.join(root, "unpacked", "here"))
    return [[name.removeprefix("here/"), *rest] for name, *rest in on_disk(os.path.join(root, "unpacked"))]


def install(wheel, root):
    name = os.path.basename(wheel).split("-", 1)[0]
    target = os.path.join(root, "installed", "here")
    site, headers, scripts, data = [os.path.join(target, one) for one in SCHEMES]
    for folder in (site, headers, scripts, data):
        os.makedirs(folder)
    scheme = Scheme(platlib=site, purelib=site, headers=headers, scripts=scripts, data=data)
    install_wheel(name, wheel, scheme, name, pycompile=False, warn_script_location=False)
    return [[name.removeprefix("here/"), *rest] for name, *rest in on_disk(os.path.join(root, "installed"))]


serve(read, unpack, install)
