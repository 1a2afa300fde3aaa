-- Whoever was invited into a club that has ended hears nothing of it: letters that wait are not sent, links open
-- nothing, addresses are forgotten at once and not only when its rows are erased.

create function _invitations_end() returns trigger
language plpgsql security definer set search_path = clubroom, pg_temp as $$
begin
  perform _withdraw(array(
    select id from invitations where group_id = new.id and came_at is null and withdrawn_at is null order by id));
  return null;
end $$;
create trigger invitations_end after update of deleted_at on groups
  for each row when (new.kind = 'club' and new.deleted_at is not null and old.deleted_at is null)
  execute function _invitations_end();
