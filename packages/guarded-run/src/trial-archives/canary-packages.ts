/* The canaries as packages: each manager gets an archive that it can install, with the entries of the canary among its files. */
import { canaryTar, canaryZip, INSIDE, type Canary } from './canaries.ts';
import { gemWithData } from './gems.ts';
import { goMod, MODULE_VERSION, modulePath } from './go-modules.ts';
import type { TrialArchive } from './trial-archive.ts';
import { pythonMetadata, WHEEL, wheelFileName } from './wheels.ts';

const NAME = 'canary';
const VERSION = '1.0.0';

/** Makes the archive for a canary. `sentinel` is the absolute path of the folder at which the canary is aimed. */
export type CanaryArchive = (canary: Canary, sentinel: string) => TrialArchive;

export const npmWithCanary: CanaryArchive = (canary, sentinel) => {
  const first = [{ path: 'package.json', body: `{"name":"${NAME}","version":"${VERSION}"}\n` }];
  const bytes = canaryTar(canary, { sentinel, prefix: 'package/', first });
  return { fileName: 'canary.tgz', bytes };
};

export const wheelWithCanary: CanaryArchive = (canary, sentinel) => {
  const folder = `${NAME}-${VERSION}.dist-info`;
  const first = [
    { path: `${folder}/METADATA`, body: pythonMetadata(NAME) },
    { path: `${folder}/WHEEL`, body: WHEEL },
    { path: `${folder}/RECORD`, body: '' },
  ];
  return { fileName: wheelFileName(NAME), bytes: canaryZip(canary, { sentinel, first }) };
};

/** Names the folder in which the backend of an sdist repeats the links that it finds. */
export const OUT_VARIABLE = 'TARWARDEN_PROBE_OUT';

/**
 * Builds a wheel with the one file that each canary has, without any library. pip removes the folder of an unpacked sdist. So the
 * backend repeats the links out of that folder in the folder that the variable names.
 */
const BACKEND = `
import os, zipfile
def build_wheel(folder, config_settings=None, metadata_directory=None):
    here, out = os.path.realpath("."), os.environ["${OUT_VARIABLE}"]
    count = 0
    for parent, folders, files in os.walk("."):
        for name in folders + files:
            path = os.path.join(parent, name)
            away = os.path.islink(path) and not (os.path.realpath(path) + os.sep).startswith(here + os.sep)
            if away or (os.path.isfile(path) and os.lstat(path).st_nlink > 1):
                count += 1
                left = os.path.join(out, "left-%d" % count)
                os.symlink(os.path.realpath(path), left) if away else os.link(path, left)
    name = "${NAME}-${VERSION}-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(folder, name), "w") as wheel:
        wheel.write("inside.txt")
        wheel.writestr("${NAME}-${VERSION}.dist-info/METADATA", ${JSON.stringify(pythonMetadata(NAME))})
        wheel.writestr("${NAME}-${VERSION}.dist-info/WHEEL", ${JSON.stringify(WHEEL)})
        wheel.writestr("${NAME}-${VERSION}.dist-info/RECORD", "")
    return name
`;

const PYPROJECT =
  '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n';

export const sdistWithCanary: CanaryArchive = (canary, sentinel) => {
  const first = [
    { path: 'PKG-INFO', body: pythonMetadata(NAME) },
    { path: 'pyproject.toml', body: PYPROJECT },
    { path: 'backend.py', body: BACKEND },
  ];
  const prefix = `${NAME}-${VERSION}/`;
  const bytes = canaryTar(canary, { sentinel, prefix, first });
  return { fileName: `${NAME}-${VERSION}.tar.gz`, bytes };
};

export const gemWithCanary: CanaryArchive = (canary, sentinel) =>
  gemWithData(NAME, { file: INSIDE, data: canaryTar(canary, { sentinel }) });

/** The path of the module that go downloads. */
export const CANARY_MODULE: string = modulePath(NAME);

export const moduleWithCanary: CanaryArchive = (canary, sentinel) => {
  const prefix = `${CANARY_MODULE}@${MODULE_VERSION}/`;
  const first = [{ path: 'go.mod', body: goMod(CANARY_MODULE) }];
  const bytes = canaryZip(canary, { sentinel, prefix, first });
  return { fileName: `${MODULE_VERSION}.zip`, bytes };
};
