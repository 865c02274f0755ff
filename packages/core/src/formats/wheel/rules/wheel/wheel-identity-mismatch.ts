import type { ManifestFacts } from '../../../../finding/verdict.ts';
import { isSamePypiVersion, pypiNameKey } from '../../../../metadata/pypi/identity.ts';
import { parseWheelFileName } from '../../../../metadata/pypi/wheel-file-name.ts';
import { quote } from '../../../../text/printable.ts';
import type { WheelPackage } from '../../wheel-package.ts';
import type { WheelRule } from '../../wheel-rule.ts';

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
  kind: 'metadata',
  id: 'wheel-identity-mismatch',
  level: 'error',
  summary:
    'The name or version in the wheel differs from its file name, its .dist-info folder or the request',
  advice: {
    forUsers:
      'Do not install it: you get another package than the one that you asked for. Compare its sha256 with the one on the public index, and look at your proxy and cache.',
    forPublishers: 'Build the wheel again, and do not rename the file.',
  },
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
