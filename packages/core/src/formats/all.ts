// Written by `pnpm rules`, from the folders beside it.
import type { PackageFormat } from './format.ts';
import { format as goZip } from './go-zip/format.ts';
import { format as npmTarball } from './npm-tarball/format.ts';
import { format as yarnZip } from './yarn-zip/format.ts';

export const formats: readonly PackageFormat[] = [goZip, npmTarball, yarnZip];
