import type { ActionResource } from '../../core/action';
import { cancel } from './order/cancel';
import { create } from './order/create';
import { get } from './order/get';

/** What the Gestão Online node can do. */
export const gestaoOnlineResources: ActionResource[] = [
	{ value: 'order', name: 'Order', operations: [cancel, create, get], defaultOperation: get },
];
