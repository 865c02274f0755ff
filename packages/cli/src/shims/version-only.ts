import { dirname, join } from 'node:path';
import { shellWord } from '@tarwarden/core/text';
import { NO_COMPILED_CODE } from '@tarwarden/guarded-run';
import { requireOption } from '@tarwarden/guarded-run';
import { GO_ALONE, VERSION_WORDS } from '../pass-through/version-words.ts';

/** With more shims inside each other than this, the command finds out whether they lead back to themselves. */
const DEPTH_MAX = 8;

/** How a shim runs the client that is only asked for its version. */
interface VersionRun {
  /** The file that has to be there. */
  readonly guard: string;
  /** Commands of the shell that run `$real` with its guard. */
  readonly run: readonly string[];
}

/**
 * The lines of a shim that run a client which is only asked for its version, as `runVersion` does, and without starting Node: it would take
 * longer than most clients. They do nothing if a report of the run is wanted, if the user's policy has the mode `report` or cannot be read
 * by a shell, or if a relative folder is on the PATH before the client. The command then does the rest. Empty for the other clients.
 */
export function versionOnly(name: string, main: string): string {
  const found = Object.entries(VERSION_WORDS).find(([client]) => client === name);
  const version = versionRun(name, dirname(main));
  if (found === undefined || version === undefined) return '';
  const patterns = found[1].map((word) => `1${word}`).join(' | ');
  const { guard, run } = version;
  return `real=
case "$#\${1-}" in
  ${patterns})
    guard=${shellWord(guard)}
    rest=
    [ "$depth" -lt ${DEPTH_MAX} ] && [ -z "\${TARWARDEN_REPORT-}\${TARWARDEN_SUMMARY-}" ] && [ -f "$guard" ] && [ -r "$guard" ] && rest=\${PATH-}:
    case \${HOME-} in /*) ;; *) rest= ;; esac
    while [ -n "$rest" ]; do
      entry=\${rest%%:*}
      rest=\${rest#*:}
      case $entry in /*) ;; '') continue ;; *) break ;; esac
      [ -f "$entry/${name}" ] && [ -x "$entry/${name}" ] && ! [ "$entry/${name}" -ef "$0" ] || continue
      real=$entry/${name}
      break
    done
    case \${XDG_CONFIG_HOME-} in /*) policy=$XDG_CONFIG_HOME ;; *) policy=$HOME/.config ;; esac
    policy=$policy/tarwarden/policy.json
    if [ -n "$real" ] && [ -e "$policy" ]; then
      if [ -f "$policy" ] && [ -r "$policy" ]; then
        while [ -n "$real" ] && { read -r line || [ -n "$line" ]; }; do
          case $line in *report* | *\\\\*) real= ;; esac
        done < "$policy"
      else
        real=
      fi
    fi
    ;;
esac
if [ -n "$real" ]; then
  TARWARDEN_SHIM_DEPTH=$((depth + 1))
  export TARWARDEN_SHIM_DEPTH
  ${run.join('\n  ')}
fi
`;
}

function assignments(variables: Readonly<Record<string, string>>): string {
  return Object.entries(variables)
    .map(([variable, value]) => `${variable}=${value}`)
    .join(' ');
}

function versionRun(name: string, folder: string): VersionRun | undefined {
  const set = (variable: string, value: string, separator: string): string[] => [
    `${variable}=${shellWord(value)}"\${${variable}:+${separator}$${variable}}"`,
    `export ${variable}`,
    'exec "$real" "$1"',
  ];
  switch (name) {
    case 'npm':
    case 'npx': {
      const guard = join(folder, 'preload.cjs');
      // corepack looks for compiled code before the guard can keep it from that.
      const none = `export ${assignments(NO_COMPILED_CODE)}`;
      return { guard, run: [none, ...set('NODE_OPTIONS', requireOption(guard), ' ')] };
    }
    case 'pip':
    case 'pip3': {
      const guard = join(folder, 'pip');
      if (guard.includes(':')) return undefined;
      return { guard: join(guard, 'sitecustomize.py'), run: set('PYTHONPATH', guard, ':') };
    }
    case 'gem': {
      const guard = join(folder, 'tarwarden.rb');
      return /\s/.test(guard) ? undefined : { guard, run: set('RUBYOPT', `-r${guard}`, ' ') };
    }
    case 'go': {
      const run = `${assignments(GO_ALONE)} "$real" "$1" 2> /dev/null && exit`;
      return { guard: join(folder, 'tarwarden.js'), run: [run] };
    }
    case 'bun':
      return { guard: join(folder, 'tarwarden.js'), run: ['exec "$real" "$1"'] };
    default:
      return undefined;
  }
}
