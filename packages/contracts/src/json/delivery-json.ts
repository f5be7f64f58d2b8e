import { schema } from '../generated/schema.ts';
import type { DeliverBody } from '../generated/uplink.ts';
import { toJson } from './element-json.ts';

/** The JSON form of what a delivery carries ({@link toJson} says what it looks like). */
export const deliveryToJson = ({ kind, value }: DeliverBody): unknown => {
  const element = schema.elements[`intermediary.${kind}`] ?? schema.elements[`device.${kind}`];
  return element === undefined ? null : toJson(element.type, value);
};
