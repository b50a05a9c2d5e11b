# 方案的独立核验。“应为”依据规则与路网算出，“写为”是方案里的数字。
-check-again = 请重新生成方案，不要手工改动方案中的数字。

check-more = 以上几类问题还有 { $count } 条未列出。
    .do = 先处理已列出的，再核验一次。
check-too-large = 方案过大，无法整体核验。
    .do = 请减少一次规划的站点、班次或出行人群。

# 方案身份与引用
check-format = 方案格式为 { $found }，本程序读取的是 { $expected }。
    .do = 请用当前版本重新生成方案。
check-id = 方案自称 { $found }，但按内容应为 { $expected }：方案生成之后被改动过。
    .do = 请使用原始文件，或重新生成方案。
check-inputs = 方案依据的数据（{ $found }）不是本项目文件夹的数据（{ $expected }）。
    .do = 请用生成它的文件夹来核验，或重新生成方案。
check-parent = 方案称其前身为 { $found }，而本项目现行方案是 { $expected }（- 表示没有）。
    .do = 请把现行方案作为 plan.json 放入文件夹后重新规划。
check-part-unknown = 方案写明规划了“{ $part }”，但没有这一项。
    .do = { -check-again }
check-part-twice = 方案两次写明规划了{ $part ->
    [shuttle] 班车
    [parking] 共享停车
    [rest] 驿站
    [groups] 分组
   *[rooms] 共享房间
    }。
    .do = { -check-again }
check-part-unnamed = 方案中有{ $part ->
    [shuttle] 班车
    [parking] 共享停车
    [rest] 驿站
    [groups] 分组
   *[rooms] 共享房间
    }的内容，却写明没有规划这一项。
    .do = { -check-again }
check-part-not-judged = 未核验：{ $part ->
    [shuttle] 班车
    [parking] 共享停车
    [rest] 驿站
    [groups] 分组
   *[rooms] 共享房间
    }。项目有这一项的数据，方案既未写明规划它，也没有它的内容。
    .do = 如果需要规划这一项，请不加 --only 重新生成方案。
check-service = 运行日 { $service }：项目为 { $expected }，方案为 { $found }。
    .do = { -check-again }
check-duplicate-id = 编号 { $id } 在 { $what } 中出现了两次。
    .do = { -check-again }
check-unknown-id = { $of } { $by } 提到的 { $what } { $id } 不存在。
    .do = { -check-again }
check-not-in-use = 方案中列有 { $what } { $id }，但没有任何班次使用它。
    .do = { -check-again }

# 出行人群
check-cohort-place = 人群 { $cohort } 的起点或终点既不是已知地点，也不是坐标。
    .do = { -check-again }
check-cohort-people = { $origin } 至 { $destination }，{ $time }，运行日 { $service }：按问卷每天 { $expected } 人，方案计为 { $found } 人。
    .do = { -check-again }
check-cohort-firms = { $origin } 至 { $destination }，{ $time }，运行日 { $service }：按问卷 { $firm } 每天 { $expected } 人，方案计为 { $found } 人。
    .do = { -check-again }
check-alternative = 没有班车时，人群 { $cohort } 的出行方式应为 { $expected } 元，方案写为 { $found } 元。
    .do = { -check-again }

# 站点与线路
check-stop-unknown = 站点 { $stop } 不在 stops.csv 中。
    .do = 请把它加入 stops.csv，或重新生成方案。
check-stop-moved = 站点 { $stop } 离 stops.csv 中的位置有 { $found } 米。
    .do = 如要移站，请改 stops.csv 后重新生成方案，步行距离和时刻都会随之变化。
check-stop-off-road = 站点 { $stop } 所在的道路 { $way } 无法停靠车辆。
    .do = { -check-again }
check-stop-far-from-road = 站点 { $stop } 离其道路有 { $found } 米，最多允许 { $limit } 米。
    .do = { -check-again }
check-stop-road = 站点 { $stop } 应位于 { $expected }，方案写为 { $found }。
    .do = { -check-again }
check-stop-steps = 站点 { $stop } 是否无台阶与 stops.csv 不一致。
    .do = 请核对 stops.csv 的 step_free 后重新生成方案。
check-stop-name = 站点 { $stop } 的名称或所属地点与 stops.csv 不一致。
    .do = 请核对 stops.csv 后重新生成方案。
check-stop-found = 站点 { $stop } 是沿道路找出的，没有人查看过：不能标为无台阶，也不属于任何地点。
    .do = { -check-again }
check-line-length = 线路 { $line } 有 { $found } 站，应为 2 至 { $expected } 站。
    .do = 请在 project.toml 中提高 max_stops，或重新生成方案。
check-line-repeats = 线路 { $line } 两次停靠同一站。
    .do = { -check-again }
check-line-mode = 线路 { $line } 的类别与 project.toml 的 mode 及其乘客不符，应为 { $expected }。
    .do = { -check-again }
check-line-direction = 线路 { $line } 的方向写为 { $found }；只有 0（去程）和 1（回程）。
    .do = { -check-again }
check-line-km = 线路 { $line } 沿路长 { $expected } 公里，方案写为 { $found } 公里。
    .do = { -check-again }
check-line-geometry = 线路 { $line } 的走向图与站点或长度不符（{ $what }）。
    .do = { -check-again }
check-too-many-lines = 方案有 { $found } 条线路，最多允许 { $expected } 条。
    .do = 请在 project.toml 中提高 max_lines，或重新生成方案。
check-no-road = { $of }：车辆无法从 { $from } 开到 { $to }。
    .do = 请核对该处的单行和封路情况后重新生成方案。

# 班次
check-trip-stops = 班次 { $trip } 没有按线路 { $line } 的站序停靠，或没有逐站写明车上人数。
    .do = { -check-again }
check-trip-minute = 班次 { $trip } 在 { $found } 发车，不是整分钟。
    .do = { -check-again }
check-trip-same-minute = 班次 { $other } 与 { $trip } 是同一线路、同一分钟、同一车型。
    .do = 请把其中一班错开一分钟，或重新生成方案。
check-trip-period = 班次 { $trip } 在 { $found } 发车，不在运营时段内。
    .do = 请在 project.toml 中放宽时段，或重新生成方案。
check-trip-dwell = 班次 { $trip } 在 { $stop } 停 { $found } 秒，按规则应为 { $expected } 秒。
    .do = { -check-again }
check-trip-too-fast = 班次 { $trip } 从 { $from } 到 { $to } 只用 { $found } 秒，按路况至少要 { $expected } 秒。
    .do = 这样的时刻无法做到，请重新生成方案。
check-trip-too-slow = 班次 { $trip } 从 { $from } 到 { $to } 用了 { $found } 秒，按路况只需 { $expected } 秒。
    .do = { -check-again }
check-trip-undriven = 班次 { $trip } 没有车辆执行。
    .do = { -check-again }
check-trip-twice = 班次 { $trip } 被安排了 { $found } 次。
    .do = { -check-again }
check-load = 班次 { $trip } 离开 { $stop } 时，按乘客名单应有 { $expected } 人，方案写为 { $found } 人。
    .do = { -check-again }
check-overfull = 班次 { $trip } 离开 { $stop } 时有 { $found } 人，只有 { $expected } 个座位。
    .do = 请换大车或加开班次，并重新生成方案。
check-overfull-wheelchair = 班次 { $trip } 离开 { $stop } 时有 { $found } 部轮椅，只有 { $expected } 个轮椅位。
    .do = 请换轮椅位更多的车辆，并重新生成方案。

# 车辆
check-block-depot = 车辆任务 { $block } 没有按要求从车场 { $expected } 出发并返回。
    .do = { -check-again }
check-availability = 车辆任务 { $block } 的时间为 { $found }，而车辆只在 { $expected } 可用。
    .do = 请修改 fleet.csv 的 from、to，或重新生成方案。
check-item-times = 车辆任务 { $block } 中有一项在开始之前就结束（{ $at }）。
    .do = { -check-again }
check-two-places = 车辆任务 { $block } 的车辆在 { $at } 同时出现在 { $from } 和 { $to }。
    .do = { -check-again }
check-block-jump = 车辆任务 { $block } 的车辆在 { $at } 没有行驶就从 { $from } 到了 { $to }。
    .do = { -check-again }
check-block-gap = 车辆任务 { $block } 没有说明 { $expected } 至 { $found } 车辆在做什么。
    .do = { -check-again }
check-layover = 车辆任务 { $block } 在班次 { $trip } 之后只停 { $found } 秒，至少需要 { $expected } 秒。
    .do = { -check-again }
check-deadhead-too-fast = 车辆任务 { $block } 空驶从 { $from } 到 { $to } 只用 { $found } 秒，按路况至少要 { $expected } 秒。
    .do = 这样的空驶无法做到，请重新生成方案。
check-item-trip = 车辆任务 { $block } 在 { $at } 的班次 { $trip } 与班次本身不一致。
    .do = { -check-again }
check-item-km = 车辆任务 { $block } 在 { $at }：沿路应为 { $expected } 公里，方案写为 { $found } 公里。
    .do = { -check-again }
check-battery = 车辆任务 { $block } 在充电之前要用 { $found } 千瓦时，电池只有 { $expected } 千瓦时。
    .do = { -check-again }
check-fleet = { $date } 方案使用 { $found } 辆 { $type }，实有 { $expected } 辆。
    .do = 请在 fleet.csv 中增加数量，或重新生成方案。

# 司机
check-duty-missing = 车辆任务 { $block } 从 { $from } 到 { $to }（{ $at }）没有司机。
    .do = { -check-again }
check-duty-extra = 有司机班次包含车辆任务 { $block } 从 { $from } 到 { $to }（{ $at }）的行驶，而车辆任务中没有，或只有一次。
    .do = { -check-again }
check-duty-gap = 司机班次 { $duty } 的各项在时间或地点上没有衔接。
    .do = { -check-again }
check-break-short = { $of } 中有一次休息只有 { $found } 秒，至少需要 { $expected } 秒。
    .do = { -check-again }
check-driving-without-break = 司机班次 { $duty } 连续驾驶 { $found } 分钟没有休息，最多允许 { $expected } 分钟。
    .do = 请增加休息或换班司机，并重新生成方案。
check-driving-day = 司机班次 { $duty } 一天驾驶 { $found } 分钟，最多允许 { $expected } 分钟。
    .do = 请增加一名司机，并重新生成方案。

# 乘客
check-empty-row = 人群 { $cohort } 有一行人数为零（班次 { $trip }）。
    .do = { -check-again }
check-rider-legs = 人群 { $cohort } 的人写为乘 { $found } 段车，应为一人一段。
    .do = { -check-again }
check-rider-service = 人群 { $cohort } 乘坐的班次 { $trip } 与其出行日期不是同一类运行日。
    .do = { -check-again }
check-rider-stops = 人群 { $cohort } 无法乘班次 { $trip } 从 { $from } 到 { $to }：该班次不按此顺序停靠。
    .do = { -check-again }
check-rider-time = 班次 { $trip } 对人群 { $cohort } 太早或太晚：他们要求 { $time }，最多等 { $expected } 分钟。
    .do = { -check-again }
check-train-missed = 人群 { $cohort } 乘班次 { $trip } 接不上任何一班地铁。
    .do = { -check-again }
check-train = 人群 { $cohort } 乘班次 { $trip } 对应的地铁应为 { $expected }，方案写为 { $found }。
    .do = { -check-again }
check-walk-limit = 人群 { $cohort } 乘班次 { $trip } 要步行超过 { $expected } 米（方案写为 { $found } 米）。
    .do = { -check-again }
check-ride-limit = 人群 { $cohort } 在班次 { $trip } 上乘车 { $found } 分钟，最多允许 { $expected } 分钟。
    .do = { -check-again }
check-wheelchair = 人群 { $cohort } 使用轮椅，而班次 { $trip } 的站点有台阶，或车上没有轮椅位。
    .do = { -check-again }
check-walk = 人群 { $cohort } 乘班次 { $trip } 应步行 { $expected } 米，方案写为 { $found } 米。
    .do = { -check-again }
check-wait = 人群 { $cohort } 乘班次 { $trip } 应等候 { $expected } 秒，方案写为 { $found } 秒。
    .do = { -check-again }
check-ride = 人群 { $cohort } 在班次 { $trip } 上应乘车 { $expected } 秒，方案写为 { $found } 秒。
    .do = { -check-again }
check-worse-than-alternative = 人群 { $cohort } 乘班次 { $trip } 的时间与票价折合每人 { $found } 元，而不坐班车只需 { $expected } 元，不会有人乘坐。
    .do = { -check-again }
check-better-stops = 人群 { $cohort } 在班次 { $trip } 上从 { $from } 乘到 { $to } 更合算。
    .do = { -check-again }
check-better-trip = 人群 { $cohort } 被排在班次 { $trip }（时间与票价折合 { $found } 元），而班次 { $better } 还有空座且更合算（{ $expected } 元）。
    .do = 不能要求乘客坐更差的班次，请重新生成方案。
check-unserved-could-ride = 人群 { $cohort } 有人未能乘车，而班次 { $trip } 还有空座且更合算（{ $expected } 元，不坐班车为 { $found } 元）。
    .do = { -check-again }
check-reason = 方案称人群 { $cohort } 因“{ $found }”未能乘车，与事实不符。
    .do = { -check-again }
check-relaxation = 给 { $of } 的建议“{ $kind }”（{ $found }）不是已知的建议，或数量不成立。
    .do = { -check-again }
check-relaxation-untrue = 告诉人群 { $of }：“{ $kind }”改变 { $found } 就能乘车，但实际上仍没有更好且有空位的班次。
    .do = { -check-again }
check-people-twice = 人群 { $cohort } 共 { $expected } 人，方案重复计算为 { $found } 人。
    .do = { -check-again }
check-people-dropped = 人群 { $cohort } 共 { $expected } 人，方案只交代了 { $found } 人。
    .do = { -check-again }

# 费用
check-block-cost = 车辆任务 { $block } 的 { $what }：按租车合同应为 { $expected }，方案写为 { $found }。
    .do = { -check-again }
check-cost-total = 平均每日运营费应为 { $expected } 元，方案写为 { $found } 元。
    .do = { -check-again }
check-budget-day = 运行日 { $service } 每天费用 { $found } 元，预算为 { $expected } 元。
    .do = 请在 project.toml 中提高预算，或重新生成方案。
check-budget-month = { $month } 月度费用 { $found } 元，预算为 { $expected } 元。
    .do = 请在 project.toml 中提高预算，或重新生成方案。
check-shares-total = 各方分摊合计 { $found } 元，而方案费用为 { $expected } 元。
    .do = { -check-again }
check-share = { $who } 按乘坐人次应分摊 { $expected } 元（至多多一分），方案写为 { $found } 元。
    .do = { -check-again }
check-joint = { $what } 写为 { $found }，按方案各行和各组合的值应为 { $expected }。
    .do = { -check-again }
check-joint-share = { $who } 按联合所得应分摊 { $expected } 元（至多多几分），方案写为 { $found }。
    .do = { -check-again }
check-share-who = { $who } 的分摊出现两次，或分摊方法与其他不同。
    .do = { -check-again }

# 评价
check-evaluation = 评价中的 { $what }：按方案各行应为 { $expected }，写为 { $found }。
    .do = { -check-again }
check-term = { $what }：按方案各行应为 { $expected } 元，写为 { $found } 元。
    .do = { -check-again }
check-changes = 与正在执行的方案相比，变动代价应为 { $expected } 元/日，方案写为 { $found } 元（{ $what }）。
    .do = { -check-again }
check-too-many-changes = 方案改动了正在执行方案的 { $found } 处站点和班次；只允许 { $expected } 处。
    .do = { -check-again }
check-simulated = 模拟运行的 { $what }：同样的日子重新模拟应为 { $expected }，方案写为 { $found }。
    .do = { -check-again }
check-simulated-days = 方案写明模拟了 { $found } 天，应为 1 到 { $expected } 天。
    .do = { -check-again }
check-simulated-interval = 模拟运行的 { $what }：区间不包含均值，{ $found }。
    .do = { -check-again }
check-objective = 各项成本合计应为 { $expected } 元，方案写为 { $found } 元。
    .do = { -check-again }
check-nothing = 不开班车时的总成本应为 { $expected } 元，方案写为 { $found } 元。
    .do = { -check-again }
check-worst-cohort = 乘客中最吃亏的人群应为 { $expected }，而不是 { $found }。
    .do = { -check-again }
check-bound-above-objective = 理论下限 { $found } 高于方案的总成本 { $expected }，因此不成立。
    .do = { -check-again }
check-bound-negative = 理论下限 { $found } 为负，而成本不会为负。
    .do = { -check-again }
check-bound-too-high = 理论下限最高只能证明到 { $expected } 元，方案写为 { $found } 元。
    .do = { -check-again }
check-bound-method = 理论下限的证明方法“{ $found }”不是本程序已知的方法。
    .do = { -check-again }
check-gap = 按总成本与下限，差距应为 { $expected }，方案写为 { $found }。
    .do = { -check-again }

# 共享停车
check-request-dropped = 停车申请 { $request } 没有答复。
    .do = { -check-again }
check-request-twice = 停车申请 { $request } 被答复了 { $found } 次。
    .do = { -check-again }
check-permit-window = 申请 { $request } 要求 { $expected }，而 { $lot } 的许可为 { $found }。
    .do = { -check-again }
check-permit-hours = 申请 { $request } 的许可（{ $found }）超出了 { $lot } 的出借时间。
    .do = { -check-again }
check-permit-walk = 申请 { $request } 从家到 { $lot } 应步行 { $expected } 米，方案写为 { $found } 米。
    .do = { -check-again }
check-permit-walk-limit = 申请 { $request } 最多步行 { $expected } 米，到 { $lot } 有 { $found } 米。
    .do = { -check-again }
check-permit-price = 申请 { $request } 每晚最多付 { $expected } 元，{ $lot } 收 { $found } 元。
    .do = { -check-again }
check-bay-twice = { $lot } 在 { $at } 有 { $found } 辆车，只有 { $expected } 个车位（{ $class }）。
    .do = 请撤回一份许可，或重新生成方案。
check-occupancy = { $lot } 在 { $at } 的 { $what }：按许可应为 { $expected }，方案写为 { $found }。
    .do = { -check-again }
check-parking-area = 居民区 { $area } 的停车结果应为 { $expected }，方案写的是 { $found }。
    .do = 请重新编制方案；不要手工修改 plan.json。
check-parking-party = 单位 { $party } 在互换中实际为 { $expected }，方案写的是 { $found }；任何单位都不能比只用自己的车位更差。
    .do = 请重新编制方案；不要手工修改 plan.json。
check-party-told = 单位 { $party } 在互换中的得失应写一次，方案写了 { $found } 次。
    .do = 请重新编制方案；不要手工修改 plan.json。
check-parking-bound = 停车分配已满足 { $expected }，方案声称的极限却是 { $found }。
    .do = 请重新编制方案；不要手工修改 plan.json。
check-displacement = { $lot }：业主回来没有车位的概率最多允许 { $expected }，方案只能证明 { $found }。
    .do = 请撤回该处部分许可，或重新生成方案。
check-refusal-reason = 停车申请 { $request } 被拒的理由“{ $found }”不成立。
    .do = { -check-again }

# 房间、驿站、分组
check-claim-twice = 申请 { $claim } 被批准了两次（房间 { $room }）。
    .do = { -check-again }
check-claim-dropped = 场地申请 { $claim } 没有答复。
    .do = { -check-again }
check-claim-answers = 场地申请 { $claim } 被答复了 { $found } 次。
    .do = { -check-again }
check-claim-reason = 场地申请 { $claim } 的未批准理由写为“{ $found }”，按场地和已批准的使用应为“{ $expected }”。
    .do = { -check-again }
check-room-change = 给场地申请 { $claim } 的建议“{ $kind }”写为 { $found }，能得到场地的最小改变应为 { $expected }。
    .do = { -check-again }
check-room-window = 房间 { $room } 批给 { $claim } 的时间不是其申请的时间，或房间未开放。
    .do = { -check-again }
check-room-twice = 房间 { $room } 在同一时间批给了 { $claim } 和 { $other }。
    .do = 请撤回其中一项，或重新生成方案。
check-room-unfit = 房间 { $room } 的类型与申请 { $claim } 不符，或座位不够。
    .do = { -check-again }
check-rest-point = 驿站 { $site } 300 米内应有 { $expected } 骑手小时，方案写为 { $found }。
    .do = { -check-again }
check-rest-site = 驿站 { $site } 出现了两次，或不是公园、出入口、车站或共享房间。
    .do = { -check-again }
check-rest-many = 方案有 { $found } 处驿站，最多 { $expected } 处。
    .do = { -check-again }
check-group-twice = { $member } 同时属于分组 { $group } 和同类的另一分组。
    .do = { -check-again }
check-group-kind = 分组 { $group } 的类型“{ $found }”未知；只有 block（居民区片区）和 committee（园区委员会）。
    .do = { -check-again }
check-group-member = { $member } 应归入一个 { $kind } 分组而没有归入，或不该归入而归入了（block：居民区片区；committee：园区委员会）。
    .do = { -check-again }
check-group-far = 分组 { $group } 不是由步行 1200 米内相连、出行相似的园区组成，或漏了其中的园区。
    .do = { -check-again }
check-group-saving = 按方案中各组合的值，分组 { $group } 合开班车应比各开各的多值 { $expected } 元，方案写为 { $found }。
    .do = { -check-again }
check-group-people = 分组 { $group } 按成员应有 { $expected } 人，方案写为 { $found } 人。
    .do = { -check-again }

# 预约乘车
check-ride-offer = 预约乘车“{ $offer }”：{ $what } 应为 { $expected }，写的是 { $found }。
    .do = { -check-again }
check-ride-broken = 预约乘车“{ $offer }”，所抽那天的第 { $ride } 次乘车：{ $what } 应为 { $expected }，写的是 { $found }。
    .do = { -check-again }
