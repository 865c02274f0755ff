/* The trial of pip. It installs wheels from a folder, so that no index is needed. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { devNull } from 'node:os';
import { join } from 'node:path';
import type { ArchiveTrial } from './archive-trial.ts';
import { canaryWheel, cleanWheel, wheelModule } from '@tarwarden/guarded-run/trial-archives';

const WHEELS = 'wheels';
const TARGET = 'site';

export const pipTrial: ArchiveTrial = {
  format: 'wheel',
  canary: canaryWheel,
  clean: cleanWheel,
  write({ project, archive: { fileName, bytes } }) {
    mkdirSync(join(project, WHEELS));
    writeFileSync(join(project, WHEELS, fileName), bytes);
  },
  arguments(manager, name) {
    const install = ['install', '--no-index', '--find-links', WHEELS];
    const kept = ['--no-deps', '--no-cache-dir', '--disable-pip-version-check', '--target', TARGET];
    const pip = manager.startsWith('python') ? ['-m', 'pip'] : [];
    return [...pip, ...install, ...kept, `${name}==1.0.0`];
  },
  // PIP_PYTHON stays, because it decides which pip runs.
  environment(env) {
    const kept = Object.entries(env).filter(
      ([name]) =>
        !/^(?:PIP_|TARWARDEN_INSPECTOR)/i.test(name) || name.toUpperCase() === 'PIP_PYTHON',
    );
    return { ...Object.fromEntries(kept), PIP_CONFIG_FILE: devNull };
  },
  installed: (project, name) => existsSync(join(project, TARGET, wheelModule(name))),
  // The guard makes pip print this first line of its report.
  isRefusal: (output, name) => output.includes(`tarwarden: refused ${name}@1.0.0:`),
};
