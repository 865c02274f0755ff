import { basename, resolve } from 'node:path';
import { versionOf, withoutCompiledCode } from '@tarwarden/pnpm-hook/wrapper';
import {
  kebab,
  lookUp,
  pluginPnpmfile,
  pnpmLoading,
  PNPM_VERSIONS,
  PNPM_WITH_YAML,
  clientContext,
  type PnpmLoading,
} from '@tarwarden/settings';
import { stringify } from 'ini';
import { lt } from 'semver';
import { projectManifest, type Taken, type ProjectContext } from './taken.ts';

/** Settings that decide whether pnpm loads a pnpmfile, and which pnpm runs. `pnpmfile` itself is not one of them. */
const TAKEN = [
  'ignorePnpmfile',
  'globalPnpmfile',
  'managePackageManagerVersions',
  'packageManagerStrict',
  'packageManagerStrictVersion',
  'pmOnFail',
];

/**
 * Settings and files of a trial project, with which pnpm loads the same pnpmfiles as in the user's project.
 */
export function pnpmSettings({ cwd, env }: ProjectContext, wanted: object, program: string): Taken {
  const version = versionOf({ file: program, args: [] }, withoutCompiledCode(env));
  const where = clientContext({ folder: cwd, env });
  // If pnpm does not print its version, any of these may run.
  const all = (version === undefined ? PNPM_VERSIONS : [version]).flatMap((possible) =>
    pnpmLoading(possible, where).map((loading) => takenBy(possible, loading)),
  );
  const [first] = all;
  const manifest = { 'package.json': projectManifest(wanted) };
  const differs = all.some((taken) => JSON.stringify(taken) !== JSON.stringify(first));
  const { files, links, elsewhere } = first!;
  return {
    files: { ...manifest, ...files },
    links,
    ...(elsewhere !== undefined && { elsewhere }),
    ...(differs && {
      elsewhere:
        version === undefined
          ? 'pnpm does not say its version, and which pnpmfile it loads depends on that'
          : '`packages` in pnpm-workspace.yaml is not known to name this folder, and pnpm from 11 on then installs it without the pnpmfile of the workspace',
    }),
  };
}

function takenBy(version: string, loading: PnpmLoading): Taken {
  const { folder, layers, problem, configDependencies, pnpmfiles, namedBy } = loading;
  const settings: Record<string, unknown> = {};
  const npmrc: Record<string, unknown> = {};
  for (const name of TAKEN) {
    const found = lookUp(layers, name);
    // The trial has the same variables.
    if (found === undefined || found.unknown !== undefined || found.origin.kind === 'variable')
      continue;
    const isPath = name === 'globalPnpmfile' && typeof found.value === 'string';
    const value = isPath ? resolve(folder, String(found.value)) : found.value;
    // The trial has the setting in the same file, which the remedy names.
    const { origin } = found;
    if (lt(version, PNPM_WITH_YAML) || (origin.kind === 'file' && origin.file.endsWith('rc')))
      npmrc[kebab(name)] = value;
    else settings[name] = value;
  }
  const plugins = configDependencies
    .toSorted()
    .flatMap((name) => pluginPnpmfile(folder, name) ?? []);
  const isOwn = plugins.length === 0 && namedBy === undefined;
  // pnpm loads the plugins first, and then the project's pnpmfile.
  if (!isOwn)
    (lt(version, PNPM_WITH_YAML) ? npmrc : settings)['pnpmfile'] = [...plugins, ...pnpmfiles];
  return {
    files: {
      ...(Object.keys(npmrc).length > 0 && { '.npmrc': stringify(npmrc) }),
      ...(!lt(version, PNPM_WITH_YAML) && {
        'pnpm-workspace.yaml': JSON.stringify({ packages: ['.'], ...settings }),
      }),
    },
    links: isOwn ? Object.fromEntries(pnpmfiles.map((file) => [basename(file), file])) : {},
    ...(problem !== undefined && { elsewhere: problem }),
  };
}
