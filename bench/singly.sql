-- For pgbench: what one post costs by itself. The product's own function, with one message, in a transaction of its own.
select code from clubroom.post_messages(
  array[uuidv7()], array[(cast(:groups as bigint[]))[:client_id + 1]], array[(cast(:authors as bigint[]))[:client_id + 1]],
  array[cast(:message as text)], array[cast(:mac as bytea)], array[cast(:body as bytea)],
  array[null::uuid], array[null::text]);
