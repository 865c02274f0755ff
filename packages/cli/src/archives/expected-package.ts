import { ecosystemOf, type Ecosystem, type Format } from '@tarwarden/core';
import { parseIdentity, type PackageIdentity } from '@tarwarden/core/policy';
import { UsageError } from '@tarwarden/host/command-line';

const FORMS: Readonly<Record<Ecosystem, string>> = {
  npm: 'NAME@VERSION or @SCOPE/NAME@VERSION',
  pypi: 'NAME@VERSION or NAME==VERSION',
  rubygems: 'NAME@VERSION',
  go: 'MODULE/PATH@vVERSION',
};

/**
 * The package that `--package` names. With a format, its ecosystem reads the name. Without one, the first ecosystem that can
 * read it does: those that can agree about its meaning.
 * @throws UsageError for anything else.
 */
export function expectedPackage(
  command: string,
  {
    package: value,
    format,
  }: { readonly package?: string | undefined; readonly format?: Format | undefined },
): PackageIdentity | undefined {
  if (value === undefined) return undefined;
  const ecosystems =
    format === undefined ? (Object.keys(FORMS) as Ecosystem[]) : [ecosystemOf[format]];
  for (const ecosystem of ecosystems) {
    const identity = parseIdentity(value, ecosystem);
    if (identity !== undefined) return identity;
  }
  const forms =
    format === undefined
      ? 'NAME@VERSION, as npm, PyPI, RubyGems or Go spells it'
      : FORMS[ecosystemOf[format]];
  throw new UsageError(`--package takes ${forms}, with one exact version`, command);
}
