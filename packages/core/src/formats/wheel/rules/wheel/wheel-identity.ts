import type { ManifestFacts } from '../../../../finding/verdict.ts';
import { isSamePypiVersion, pypiNameKey } from '../../../../metadata/pypi/identity.ts';
import { parseWheelFileName } from '../../../../metadata/pypi/wheel-file-name.ts';
import { withCodes } from '../../../../rules/table-rows.ts';
import { quote } from '../../../../text/printable.ts';
import type { WheelPackage } from '../../wheel-package.ts';
import type { WheelRule } from '../../wheel-rule.ts';

const identity = withCodes({
  id: 'wheel-identity',
  level: 'error',
  summary: 'The wheel contains another package than its file name or the request says',
  advice: {
    forUsers:
      'Do not install it: you get another package than the one that you asked for, or installers read its name differently. Compare its sha256 with the one on the public index, and look at your proxy and cache.',
    forPublishers:
      'Build the wheel again, and do not rename the file: `name-version-python-abi-platform.whl`.',
  },
});

export const wheelFileName: WheelRule = {
  ...identity('wheel-file-name', 'The file does not have the name of a wheel'),
  kind: 'metadata',
  check: (_wheel, report, { expected }) => {
    const { fileName } = expected;
    if (fileName !== undefined && parseWheelFileName(fileName) === undefined)
      report(quote(fileName));
  },
};

interface Said extends ManifestFacts {
  readonly where: string;
}

function fromFileName(fileName: string | undefined): Said[] {
  const parsed = fileName === undefined ? undefined : parseWheelFileName(fileName);
  return parsed === undefined
    ? []
    : [{ name: parsed.name, version: parsed.version, where: 'the file name' }];
}

function fromFolder({ distInfo }: WheelPackage): Said[] {
  if (distInfo === undefined) return [];
  const [, name, version] = /^(.*)-([^-]*)\.dist-info$/i.exec(distInfo) ?? [];
  return name === undefined || version === undefined
    ? [{ name: distInfo, where: 'the folder' }]
    : [{ name, version, where: 'the folder' }];
}

export const wheelIdentityMismatch: WheelRule = {
  ...identity(
    'wheel-identity-mismatch',
    'The name or version in the wheel differs from its file name, its .dist-info folder or the request',
  ),
  kind: 'metadata',
  check: (wheel, report, { expected }) => {
    const own = wheel.claimed;
    const entry = wheel.metadata?.entry;
    for (const other of [...fromFileName(expected.fileName), ...fromFolder(wheel), expected]) {
      const where = 'where' in other ? other.where : 'what was asked for';
      const { name, version } = other;
      if (
        name !== undefined &&
        own?.name !== undefined &&
        pypiNameKey(name) !== pypiNameKey(own.name)
      )
        report(`METADATA has the name ${quote(own.name)}, ${where} ${quote(name)}`, entry);
      if (
        version !== undefined &&
        own?.version !== undefined &&
        !isSamePypiVersion(version, own.version)
      )
        report(`METADATA has the version ${quote(own.version)}, ${where} ${quote(version)}`, entry);
    }
  },
};
