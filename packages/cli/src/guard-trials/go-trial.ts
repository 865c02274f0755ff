/* The trial of go. Its module proxy is a folder, which go and the guard read in the same way. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ArchiveTrial } from './archive-trial.ts';
import {
  canaryModule,
  cleanModule,
  goMod,
  MODULE_HOST,
  modulePath,
  moduleProxyFiles,
  moduleWithVersion,
  MODULE_VERSION,
} from '@tarwarden/guarded-run/trial-archives';

const PROXY = 'proxy';
const CACHE = 'gomodcache';

export const goTrial: ArchiveTrial = {
  format: 'gomod',
  canary: (name) => ({ fileName: `${MODULE_VERSION}.zip`, bytes: canaryModule(name) }),
  clean: (name) => ({ fileName: `${MODULE_VERSION}.zip`, bytes: cleanModule(name) }),
  write({ project, name, archive: { bytes } }) {
    const path = modulePath(name);
    for (const [file, content] of moduleProxyFiles(path, bytes)) {
      mkdirSync(join(project, PROXY, dirname(file)), { recursive: true });
      writeFileSync(join(project, PROXY, file), content);
    }
    const needing = `${goMod(`${MODULE_HOST}/verify`)}\nrequire ${path} ${MODULE_VERSION}\n`;
    writeFileSync(join(project, 'go.mod'), needing);
  },
  arguments: () => ['mod', 'download'],
  environment: (env, project) => ({
    ...env,
    GOPROXY: pathToFileURL(join(project, PROXY)).href,
    GONOPROXY: 'none',
    GOPRIVATE: '',
    GOSUMDB: 'off',
    GOMODCACHE: join(project, CACHE),
    GOPATH: join(project, 'gopath'),
    GOCACHE: join(project, 'go-build'),
    GOFLAGS: '-mod=mod -modcacherw',
    GO111MODULE: 'on',
    GOWORK: 'off',
    GOTOOLCHAIN: 'local',
  }),
  installed: (project, name) => existsSync(join(project, CACHE, moduleWithVersion(name))),
  isRefusal: (output, name) => output.includes(`tarwarden: refused ${moduleWithVersion(name)}:`),
};
