-- One row, one statement: no row back means no deck left. See docs/adr/0001.
update sailing_capacity
   set seats_free = seats_free - $2, lane_metres_free = lane_metres_free - $3
 where sailing_id = $1 and seats_free >= $2 and lane_metres_free >= $3
returning seats_free, lane_metres_free;
