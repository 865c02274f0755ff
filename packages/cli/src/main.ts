import { startProgram } from '@tarwarden/host/command-line';
import { TARWARDEN } from './command-line/tarwarden.ts';

startProgram(TARWARDEN, import.meta.url);
