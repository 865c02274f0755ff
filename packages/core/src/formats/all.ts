// Written by `pnpm rules`, from the folders beside it.
import type { PackageFormat } from './format.ts';
import { format as gem } from './gem/format.ts';
import { format as goZip } from './go-zip/format.ts';
import { format as npmTarball } from './npm-tarball/format.ts';
import { format as sdist } from './sdist/format.ts';
import { format as wheel } from './wheel/format.ts';
import { format as yarnZip } from './yarn-zip/format.ts';

export const formats: readonly PackageFormat[] = [gem, goZip, npmTarball, sdist, wheel, yarnZip];
