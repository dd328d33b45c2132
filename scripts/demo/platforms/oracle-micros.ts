import type { Platform } from './platform.ts';

export const oracleMicros: Platform = {
  id: 'oracle-micros',
  title: 'Oracle MICROS Simphony',
  notYet: 'its connector is being finished',
  start: () => Promise.reject(new Error('There is no stand-in for Simphony yet.')),
};
