import { Seconds } from '@postern/core';
import { z } from 'zod';
import { readAddressRange } from './address-range.ts';

const count = z.number().int().positive();
const port = z.number().int().min(1).max(65_535);
const duration = (least: number, most: number, usual: number) =>
  z.number().min(least).max(most).transform(Seconds).default(Seconds(usual));

const range = z
  .string()
  .max(100)
  .refine(
    (text) => readAddressRange(text) !== undefined,
    'is no range: write e.g. `10.0.0.0/24` or `10.0.0.1-10.0.0.9`',
  );

/** Addresses that mean nothing outside of a site (RFC 1918, 3927, 4193, 4291 §2.5.3, §2.5.6, 1122 §3.2.1.3). */
const PRIVATE = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '169.254.0.0/16',
  '127.0.0.0/8',
  'fc00::/7',
  'fe80::/10',
  '::1/128',
];

/** Where and how devices are searched for. */
export const searchSchema = z
  .strictObject({
    /** Where nothing else is ever asked: also what a request from above, and an announcement, may name. */
    allowedRanges: z.array(range).max(64).default(PRIVATE),
    /** Of the secure path, at each address of a range. */
    ports: z.array(port).min(1).max(8).default([9_444]),
    /** What becomes of who is found, unless the search says that he is adopted. */
    adopt: z.enum(['automatic', 'confirm']).default('confirm'),
    /** Listens, and asks `ranges`, as often; never unless given. */
    every: z
      .number()
      .min(60)
      .max(31 * 86_400)
      .transform(Seconds)
      .optional(),
    ranges: z.array(range).max(16).default([]),
    /** Addresses asked at a time. */
    concurrency: count.max(256).default(32),
    /** Until somebody at an address has proved who he is. */
    probeTimeout: duration(0.01, 60, 3),
    /** Of a whole search; what was found until then counts. */
    deadline: duration(0.1, 3_600, 180),
    dnsSd: z
      .strictObject({
        port: port.default(5_353),
        /** The address of the interface to listen on; all of them unless given. */
        interface: z.ipv4().optional(),
        /** How long it is listened. */
        window: duration(0.05, 30, 3),
      })
      .prefault({}),
  })
  .prefault({});

/** @see searchSchema */
export type SearchConfig = z.output<typeof searchSchema>;
