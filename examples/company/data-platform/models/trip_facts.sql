-- One row per sailing that ran. Tested every night; the tests are in models/trip_facts.yml.
select
    s.sailing_id,
    s.route,
    s.vessel,
    s.planned_departure,
    d.departed_at,
    datediff('minute', s.planned_departure, d.departed_at) as minutes_late,
    d.persons_on_board,
    coalesce(f.litres, 0) as fuel_litres
from {{ ref('stg_sailings') }} s
join {{ ref('stg_departures') }} d using (sailing_id)
left join {{ ref('stg_fuel') }} f using (sailing_id)
