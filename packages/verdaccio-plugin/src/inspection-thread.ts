/* The program of the plugin's inspection threads. */
import { serveInspections } from '@tarwarden/host';

serveInspections();
