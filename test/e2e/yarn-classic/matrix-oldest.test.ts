import { matrix } from './matrix.ts';

matrix('yarn-1-22-0', new Set(['optional', 'warm cache', 'frozen, offline', 'offline mirror']));
