/* Finds which package managers a project uses, by the files that each of them has. It runs nothing and reads only names and package.json. */
import { folderNames, projectFolders } from '@tarwarden/host';
import { readManifest } from '@tarwarden/settings';

/** A file of a project that shows that a program is used there. */
const SIGNS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^(?:package-lock|npm-shrinkwrap)\.json$/, ['npm']],
  [/^pnpm-(?:lock|workspace)\.yaml$/, ['pnpm']],
  [/^(?:yarn\.lock|\.yarnrc|\.yarnrc\.yml)$/, ['yarn']],
  [/^(?:bun\.lockb?|bunfig\.toml)$/, ['bun']],
  [
    /^(?:.*requirements.*\.txt|py(?:project|lock.*)\.toml|setup\.(?:py|cfg)|Pipfile|uv\.lock)$/,
    ['python', 'uv'],
  ],
  [/^(?:Gemfile|Gemfile\.lock|gems\.rb|gems\.locked|.*\.gemspec)$/, ['ruby']],
  [/^go\.(?:mod|sum|work|work\.sum)$/, ['go']],
];

const OF_NODE: readonly string[] = ['npm', 'pnpm', 'yarn', 'bun'];

/** The programs that the projects use. Undefined if no file shows it: then each program that starts here may be used. */
export function usedPrograms(folders: readonly string[]): ReadonlySet<string> | undefined {
  const used = new Set<string>();
  let hasManifest = false;
  for (const folder of folders.flatMap(projectFolders)) {
    const names = folderNames(folder);
    for (const name of names)
      for (const [sign, programs] of SIGNS)
        if (sign.test(name)) for (const program of programs) used.add(program);
    if (!names.includes('package.json')) continue;
    hasManifest = true;
    const { packageManager } = readManifest(folder);
    const [manager = ''] = typeof packageManager === 'string' ? packageManager.split('@') : [];
    if (OF_NODE.includes(manager)) used.add(manager);
  }
  if (hasManifest && !OF_NODE.some((program) => used.has(program))) used.add('npm');
  return used.size === 0 ? undefined : used;
}
