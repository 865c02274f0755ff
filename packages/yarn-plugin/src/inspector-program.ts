import { serveInspections } from '@tarwarden/host';

// The program of the thread that inspects: see `startInspector`.
serveInspections();
