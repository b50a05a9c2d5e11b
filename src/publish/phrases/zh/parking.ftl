# parking

# why a request gets no bay
reason-parking-no-lot-in-reach = 步行范围内没有共享停车场
reason-parking-no-lot-at-that-time = 步行范围内的停车场在所申请的时段不开放，或离场时间太接近车位归还时间
reason-parking-too-dear = 步行范围内的停车场价格都超过申请人的上限
reason-parking-no-accessible-bay = 步行范围内的停车场没有合适的无障碍车位
reason-parking-no-charging-bay = 步行范围内的停车场没有充电车位
reason-parking-full = 合适的停车场已分配完

# the least change that would get a bay
relaxation-parking-walk_m = 多走 { $amount } 米即有空位
relaxation-parking-minutes = 停放时间缩短 { $amount } 分钟即有空位
relaxation-parking-fen = 每晚多付 { $amount } 分即有空位

# findings: parking
parking-history-missing = 没有车辆实际离场记录，只能按假定的超时比例安排：估计 2%、上限 6% 的车辆超时，每过 30 分钟减半。
    .do = 请记录车辆离场时间，填入 parking_history.csv；积累一个月后重新计算，对车位业主的承诺才有依据。
parking-history-skipped = { $of } 条离场记录中有 { $count } 条未采用：停车场或申请编号不存在，或停放时段不在出借时段内。
    .do = 请核对停车场和申请编号；历史申请应保留在 parking.csv 中。
parking-home-off-network = { $count } 份申请的住处附近没有可步行的道路，无法计算步行距离。
    .do = 请核对这些住处的坐标，或补充小区内部道路。
parking-lot-off-network = 停车场 { $lot } 附近没有可步行的道路，无法分配。
    .do = 请核对其坐标，或填写出入口坐标 gate_lon、gate_lat。
parking-lottery = 部分申请条件相同，按公开抽签排序，种子为 { $seed }。
    .do = 任何人都可以用同一种子和申请编号重新验证抽签结果。
parking-area-below-floor = 居民区 { $area } 只有 { $served } 份申请得到车位，低于保底的 { $floor } 份。
    .do = 请在该居民区附近增加共享停车场，或放宽其步行距离、时段；也可在 project.toml 的 [policy] 中调整 area_floor。
parking-permit-not-kept = 申请 { $request } 原在停车场 { $lot } 的车位无法保留：该停车场已不在名单中、不再适合这份申请，或已不能保证业主回来有位可停。
    .do = 请联系申请人；如是停车场时段或车位数有变，请与业主核对 lots.csv。
parking-reserve = 停车场 { $lot } 出借 { $bays } 个车位，每晚最多 { $permits } 辆车；早晨须有 { $reserve } 个车位留空备用，才能保证其他归来的车主有位可停。
    .do = 请与业主约定：最后一辆超时车辆离场之前，这些备用车位不作他用；离场记录越多、越准时，需要留空的车位越少。
parking-nearest-lots-only = 申请和停车场数量过多，无法逐对比较：每个住处只考虑最近的 { $lots } 个停车场。
    .do = 请分片编制方案，或去掉离所有住处都太远的停车场。
parking-search-cut = 申请多达 { $requests } 份，未能充分搜索：已满足 { $served } 份，理论上最多 { $most } 份。
    .do = 如需用足每个车位，请分片编制方案。
parking-too-large = 申请多达 { $requests } 份，超出一个方案的处理能力，未分配任何车位。
    .do = 请分片编制方案：每片不超过 200,000 份申请，时间取整到一刻钟。

# why a claim gets no room
reason-room-no-room = 没有这个场地或这类场地
reason-room-too-small = 座位不够
reason-room-closed = 该时段不开放
reason-room-taken = 该时段已被占用

# the least change that would get a room
relaxation-room-other_room = 改用{ $room }
relaxation-room-minutes_later = 改到 { $from }–{ $to }{ $where }
relaxation-room-minutes_earlier = 改到 { $from }–{ $to }{ $where }
relaxation-room-minutes = 缩短为 { $from }–{ $to }{ $where }
relaxation-room-days = 改到{ $days }同一时段{ $where }
relaxation-room-people = 减少 { $amount } 人{ $where }

# findings: rooms
room-claims-refused = { $of } 份场地申请中有 { $count } 份未获批准。
    .do = 报告逐份说明了原因和可行的办法：换时间、换场地或减少人数。
room-claim-refused = 场地申请 { $claim } 未获批准：{ $reason ->
        [no-room] 没有这个场地或这类场地
        [too-small] 座位不够
        [closed] 所申请的时段不开放
       *[taken] 该时段已被占用
    }。
    .do = { $reason ->
        [no-room] 请核对 claims.csv 中的场地编号或类型。
        [too-small] 请减少人数，或分成两场。
        [closed] 请改到场地的开放时段。
       *[taken] 请换一个时段，或改用同类的其他场地。
    }
room-some-only = 有 { $claims } 份场地申请可用的场地过多，每份只考虑其中 { $rooms } 个。
    .do = 请在 claims.csv 中写明场地编号或更具体的类型。
room-too-large = 场地申请多达 { $claims } 份，无法放在一起权衡，只按文件中的先后批准。
    .do = 请分批安排场地，时间取整到一刻钟。

# findings: rest points and groups
rest-no-candidates = 没有可设骑手驿站的地点（园区、大门、车站或共享场地），未作安排。
    .do = 请在 sites.csv 中添加可以使用的地点。
rest-sixth = 现有 { $places } 个骑手驿站覆盖 { $covered }、合计 { $total } 骑手小时；再增加一个（{ $site }）可多覆盖 { $more } 骑手小时。
    .do = 如有条件，可优先在该处增设。
groups-unbalanced = 居民区分为 { $groups } 片，人数最多的一片比平均多 { $percent }%。
    .do = 如需更均衡，请考虑拆分人口特别多的居民区。
rest-too-many = 骑手计数（{ $counts } 条）过多，未能全部考虑；骑手驿站只从部分地点中选出。
    .do = 请合并同一地点的计数，或分片编制方案。
groups-too-large = { $areas } 个居民区无法划分成片。
    .do = 请合并较小的居民区，或分片编制方案。
