import { fromJson } from '@postern/contracts';
import type { NoticeView } from '../../use-cases/notice-views.ts';
import type { OrderView, RequestView } from '../../use-cases/request-views.ts';
import type { Page } from '../../use-cases/views.ts';

/**
 * A view as an element of the contract. Properties and elements have the same names; what is `null` there is left out
 * here. A test holds views and contract together.
 *
 * @param type key of the element's type, e.g. `operator.GetDeviceResponse`
 */
export const contractForm = <Value>(type: string, view: unknown): Value =>
  // The codec vouches for the type, when it writes it.
  fromJson(type, withoutNulls(view), type) as Value;

/** @param name of the elements that are the items */
export const pageForm = <View>(
  name: string,
  { items, next }: Page<View>,
  form: (view: View) => unknown = (view) => view,
): unknown => ({ page: { [name]: items.map(form), next } });

export const orderForm = ({ arguments: given, ...order }: OrderView): unknown => ({
  ...order,
  request: choice(order.kind, given),
});

export const requestForm = ({ answer, ...request }: RequestView): unknown => ({
  ...request,
  answer: answer === null ? null : choice(`${request.kind}Response`, answer),
});

export const noticeForm = ({ content, ...notice }: NoticeView): unknown => ({
  ...notice,
  content: content === null ? null : choice(notice.kind, content),
});

/** One of several elements, in the JSON form of the contract. */
const choice = (kind: string, value: unknown) => ({ body: { kind, value } });

/** Written out: most of what a page costs would be lists of entries, made and thrown away. */
const withoutNulls = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(withoutNulls);
  const kept: Record<string, unknown> = {};
  const view = value as Readonly<Record<string, unknown>>;
  for (const name of Object.keys(view)) if (view[name] !== null) kept[name] = withoutNulls(view[name]);
  return kept;
};
