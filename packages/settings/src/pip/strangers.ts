import { dirname } from 'node:path';
import { isWithin } from '@tarwarden/host/real-path';
import { readWithMark } from '../files.ts';
import { settingsFile, type FoundFile } from '../strangers.ts';
import { pipValues } from './config-parser.ts';
import { pipFiles, type PipWhere } from './layers.ts';

/** Options of pip that neither say where packages come from or go to, nor switch a check off, nor write a file. */
export const HARMLESS: ReadonlySet<string> = new Set(
  (
    'debug disable-pip-version-check exists-action format help no-clean no-color no-compile compile no-input no-python-version-warning ' +
    'no-warn-conflicts no-warn-script-location progress-bar quiet require-venv require-virtualenv resume-retries retries root-user-action timeout ' +
    'default-timeout verbose version'
  ).split(' '),
);

/** The file of a virtual environment, and one in the working folder. Files that the user's variables name are the user's choice. */
export function pipFoundFiles(where: PipWhere): FoundFile[] {
  return pipFiles({ ...where, env: { ...where.env, PIP_CONFIG_FILE: undefined } })
    .filter((file) => !isWithin(where.home, file) || dirname(file) === where.pythonPrefix)
    .map((file) => settingsFile(file, pipValues, counts, readWithMark));
}

const counts = (name: string): boolean => !HARMLESS.has(name.slice(name.indexOf('.') + 1));
