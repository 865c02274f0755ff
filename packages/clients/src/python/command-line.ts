/* Reads the parts of a command line of pip or Python that matter for the guard. */

/** Commands of pip that fetch or install. Others may run without the guard. */
const FETCHING: ReadonlySet<string> = new Set(['install', 'download', 'wheel', 'lock']);

const WITH_VALUE: ReadonlySet<string> = new Set(
  (
    '--python --log --log-file --local-log --keyring-provider --proxy --retries --timeout --default-timeout ' +
    '--exists-action --trusted-host --cert --client-cert --cache-dir --use-feature --use-deprecated --resume-retries'
  ).split(' '),
);

const ALONE: ReadonlySet<string> = new Set(
  (
    '--debug --isolated --require-virtualenv --require-venv --verbose --version --quiet --no-input --no-cache-dir ' +
    '--disable-pip-version-check --no-color --no-python-version-warning'
  ).split(' '),
);

/** Whether pip accepts an option before its command. */
export function isLeadingPipOption(arg: string): {
  readonly known: boolean;
  readonly takesNext: boolean;
} {
  const name = arg.replace(/=.*/s, '');
  const takesNext = WITH_VALUE.has(arg);
  const isKnown = takesNext || WITH_VALUE.has(name) || ALONE.has(arg) || /^-[vqV]+$/.test(arg);
  return { known: isKnown, takesNext };
}

/** Whether a command line of pip may fetch something. If in doubt, true. */
export function mayFetch(args: readonly string[]): boolean {
  return args.some((arg) => FETCHING.has(arg));
}

export interface PythonLine {
  /** The module that it runs (`-m`). */
  readonly module?: string;
  /** The arguments of the module or script. */
  readonly programArguments: readonly string[];
  /** The option with which Python does not load the guard. */
  readonly without?: string;
}

/** Options of Python with a value, which may be in the same argument. */
const VALUED: ReadonlySet<string> = new Set(['W', 'X']);
/** Python ignores PYTHONPATH (E, and I, which includes it), or does not import `site` (S). */
const WITHOUT_GUARD: ReadonlySet<string> = new Set(['E', 'I', 'S']);

/** Reads a command line of Python as Python does, up to the module or script. */
export function readPython(args: readonly string[]): PythonLine {
  let without: string | undefined;
  const end = (at: number, module?: string): PythonLine => ({
    programArguments: args.slice(at),
    ...(module !== undefined && { module }),
    ...(without !== undefined && { without }),
  });
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (!arg.startsWith('-') || arg === '-') return end(at + 1);
    if (arg.startsWith('--')) {
      if (arg === '--check-hash-based-pycs') at++;
      continue;
    }
    for (let letter = 1; letter < arg.length; letter++) {
      const option = arg[letter] ?? '';
      const inside = arg.slice(letter + 1);
      if (WITHOUT_GUARD.has(option)) without ??= `-${option}`;
      if (option === 'c') return end(at + (inside === '' ? 2 : 1));
      if (option === 'm') return inside === '' ? end(at + 2, args[at + 1]) : end(at + 1, inside);
      if (VALUED.has(option)) {
        if (inside === '') at++;
        break;
      }
    }
  }
  return end(args.length);
}

export function isPip(module: string | undefined): boolean {
  return module === 'pip' || module?.startsWith('pip.') === true;
}
