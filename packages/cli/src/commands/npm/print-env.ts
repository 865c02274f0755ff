import { shellWord } from '@tarwarden/core/text';

export type Shell = 'posix' | 'powershell' | 'dotenv';

/** Variables as lines that a shell or an env file takes. */
export function printVariables(
  variables: readonly (readonly [name: string, value: string])[],
  shell: Shell,
): string {
  return variables.map(([name, value]) => `${line(name, value, shell)}\n`).join('');
}

function line(name: string, value: string, shell: Shell): string {
  if (/[\r\n\0]/.test(value)) throw new RangeError(`${name} holds a line end`);
  switch (shell) {
    case 'posix':
      return `export ${name}=${shellWord(value)}`;
    case 'powershell':
      return `$env:${name} = '${value.replaceAll("'", "''")}'`;
    case 'dotenv':
      return `${name}=${value}`;
  }
}
