/** Node's NODE_OPTIONS syntax: options apart by spaces, double quotes around spaces, backslash inside quotes. */

/** The option that preloads `file`, quoted where it must be. */
export function requireOption(file: string): string {
  const quoted = /[\s"]/.test(file) ? `"${file.replaceAll(/[\\"]/g, '\\$&')}"` : file;
  return `--require ${quoted}`;
}

/** `options` with `file` preloaded before all else; unchanged where it already is. */
export function withPreload(options: string | undefined, file: string): string {
  const own = requireOption(file);
  const given = options?.trim() ?? '';
  if (given === own || given.startsWith(`${own} `)) return given;
  return given === '' ? own : `${own} ${given}`;
}
