# planning

# compare: figures side by side
compare-plan = 方案
compare-parent = 以哪个方案为基础
compare-objective = 综合成本（元/日）
compare-simulated-objective = 模拟运行的综合成本（元/日）
compare-people-cost = 出行者成本（元/日）
compare-running-cost = 运营费用（元/日）
compare-upkeep = 线路与站点维护（元/日）
compare-changes = 变动代价（元/日）
compare-nothing = 不开班车时的总成本（元/日）
compare-bound = 理论下限（元/日）
compare-gap = 尚未实现的效益比例
compare-served = 日均乘坐人数
compare-simulated-served = 模拟运行的日均乘坐人数
compare-generalised = 平均加权出行时间（秒）
compare-walk = 平均步行（米）
compare-wait = 平均等候（秒）
compare-ride = 平均乘车（秒）
compare-load = 平均最大满载率
compare-lines = 线路数（单向）
compare-stops = 站点数
compare-trips = 班次数
compare-vehicles = 用车数
compare-duties = 司机班数
compare-permits = 获批车位数
compare-findings = 待核实事项

# compare: what changed
change-stop-added = 新增站点：{ $stop }
change-stop-removed = 取消站点：{ $stop }
change-stop-moved = 站点{ $stop }移动了 { $metres } 米
change-line-added = 新开线路：{ $line }
change-line-removed = 停开线路：{ $line }
change-line-longer = 线路{ $line }：增停{ $added }
change-line-shorter = 线路{ $line }：不再停{ $removed }
change-line-changed = 线路{ $line }：增停{ $added }，不再停{ $removed }
change-line-reordered = 线路{ $line }：停靠顺序改变
change-trip-added = { $line }（{ $service }）：增加 { $time } 班次
change-trip-removed = { $line }（{ $service }）：取消 { $time } 班次
change-trip-earlier = { $line }（{ $service }）：{ $start } { $from } 发车的班次提前 { $minutes } 分钟，改为 { $to } 发车
change-trip-later = { $line }（{ $service }）：{ $start } { $from } 发车的班次推迟 { $minutes } 分钟，改为 { $to } 发车
change-people-take = { $line }（{ $service }）：有 { $people } 人改乘 { $start } { $time } 发车的班次
change-people-gained = { $origin } 到 { $destination }、{ $time }（{ $service }）：多 { $people } 人乘坐
change-people-lost = { $origin } 到 { $destination }、{ $time }（{ $service }）：少 { $people } 人乘坐
change-others-gained = 其余人数较少的出行群体合计：多 { $people } 人乘坐
change-others-lost = 其余人数较少的出行群体合计：少 { $people } 人乘坐

# 规划各阶段 / findings of the stages
demand-no-service = 有 { $count } 个行程不在任何服务的开行日里，没有计入。
    .do = 核对问卷的日期一列，或在 project.toml 里增加一个 [[services]]。
demand-nobody = 问卷里没有可以规划的行程。
    .do = 先按其他提示改好问卷，再规划。
stop-off-road = 候选站 { $stop } 离可以行车的道路超过 { $metres } 米，没有采用。
    .do = 核对它的坐标和 kerb 一列（车辆靠右行驶），或在道路数据里补上这条路。
depot-off-road = 停车场站 { $depot } 附近没有可以行车的道路，停在那里的车没有用上。
    .do = 核对 sites.csv 里这个场站的坐标。
duty-not-legal = 车次表 { $block } 排不出合乎驾驶时间规定的班次。
    .do = 请把项目文件夹发给我们：这是程序的错误。
service-runs-nothing = 服务“{ $service }”每个运行日约 { $people } 人次，开车的花费大于好处，这些日子不开行。
    .do = 不需要处理；若一定要开，可提高答卷率或与邻近园区合开。
real-days-cost-more = 在模拟的日子里，本方案每天 { $cost } 元，什么都不做为 { $nothing } 元：开了反而每天多花 { $more } 元。
    .do = 请不要照此实施。可延长求解时间（--seconds）、允许更多变动，或者不开行。
shares-stopped = 还没有算出各园区从联合规划中得到多少好处，求解就结束了：费用按乘坐人次分摊。
    .do = 想看各家得到多少，请重新规划并等它算完。
shares-too-large = 园区或出行群体太多，算不出各园区从联合规划中得到多少好处：费用按乘坐人次分摊。
    .do = 不需要处理；若想让园区按所得好处分摊，请把项目拆成不超过六个园区的片区。

stage-lines = 寻找线路
stage-on-demand = 试算预约乘车
stage-first = 初步方案
stage-bound = 证明最好能有多好
stage-together = 线路、时刻与车辆一起规划
stage-improve = 改进方案
stage-shares = 比较园区联合与单独的好处
stage-allocation = 分配车位和房间
stage-districting = 分组
stage-siting = 选择驿站
stage-transit = 寻找公交线网
stage-routing = 寻找车辆路径

demand-too-large = 问卷得出 { $cohorts } 个出行群体、每天约 { $people } 人次，超过了 { $most } 个群体或 { $most_people } 人次的上限，没有规划班车。
    .do = 核对 weight 一列和 firms.csv 的人数；把出发地写成场所编号而不是坐标；或按片区拆成几个项目。
commute-too-many = 有 { $count } 组通勤乘客（同一园区、同一方向、同一时间）没有单独设计线路：组数太多，或一组人数太多。
    .do = 请一次少规划几个园区，或把时间取整。
stops-thinned = 沿路找到居民点附近的候选站 { $found } 个，用其中最能缩短步行的 { $kept } 个来规划。
    .do = 想自己指定站点，请写 stops.csv。
demand-both-ways = 有约 { $people } 人说只有往返都有车才坐；本版本把往返分开计算，客流可能略高估。
    .do = 看一看这些人的去程和回程是否都有班次。
demand-no-train = 每天约 { $people } 人次不坐班车时，在 trains.csv 中没有赶得上、等得起的列车，按打车计算。
    .do = 请看 trains.csv 是否包含人们出行的所有时段。
demand-wheelchairs-no-way = 每天约 { $people } 人次乘轮椅，不坐班车就没有走法：没有能带轮椅走这么远的出行方式，或者步行的路都有台阶；按打车 { $yuan } 元计算。
    .do = 在 [[alternatives]] 里写上他们能用的出行方式（wheelchair = true），并看看道路数据是否漏了没有台阶的路。
trains-not-on-service = 车站 { $station } 没有在服务“{ $service }”每个开行日都开的列车，按没有列车计算：不计等车时间。
    .do = 在 trains.csv 里补上这些日子的列车。
plan-in-force-riders-again = 保留正在执行的方案：站点、线路和班次不变。问卷已有变化，谁乘哪一班、满载率和费用按现在的需求重新计算。
    .do = 看看现在还有谁坐不上车；有必要时放开几处变动（--max-changes）。
too-few-changes = 站点和班次最多只改 { $most } 处时，正在执行的方案在现有条件下无法运行；改 { $enough } 处就够了。
    .do = 放宽变动次数；或看下面列出的、它现在不符合的各条。

# observed: what counts made of the survey
observed-no-plan = 有实际上车记录，但没有可比的现行方案；仍按问卷算。
    .do = 把记录时正在执行的 plan.json 放进项目文件夹。
observed-fewer = { $line }（{ $service }）数了 { $days } 天：比问卷少 { $percent } %（每天 { $counted } 人，问卷是 { $survey } 人）；现在按 { $now } 人预计。
    .do = 重新计算方案；继续记录，每多一天就更有把握。
observed-more = { $line }（{ $service }）数了 { $days } 天：比问卷多 { $percent } %（每天 { $counted } 人，问卷是 { $survey } 人）；现在按 { $now } 人预计。
    .do = 重新计算方案；继续记录，每多一天就更有把握。
observed-rest = 人少的线路合在一起数了 { $days } 天：每天 { $counted } 人，问卷是 { $survey } 人；现在按 { $now } 人预计。
    .do = 继续记录，每多一天就更有把握。
observed-unexpected = 在问卷认为没有人坐的班次上数到 { $people } 人；不知道他们是谁，没有为此改动需求。
    .do = 再问一次这个时间谁要坐车，或把他们补进问卷。
replan-pays = 值得重新安排：按实际数到的需求，这份方案比现行方案每天省 { $saves } 元，变动给乘客带来的代价是 { $price } 元，净省 { $net } 元。
    .do = 用 jiebo compare 对比两份方案，用 jiebo frontier 看少改几处能省多少。
replan-keep = 不值得重新安排：没有找到省下的钱超过变动代价的方案。
    .do = 保留现行方案，继续记录。

# 预约乘车
on-demand-nobody = 预约乘车“{ $offer }”（{ $service }）：不坐线路车的人里，没有人要在这段时间、在够得着的两个站之间出行。
    .do = 核对它的时段（from、until），或者从 project.toml 里去掉。
on-demand-no-vehicle = 预约乘车“{ $offer }”（{ $service }）：没有一辆车在一半以上的时段里空着。
    .do = 在 fleet.csv 里加一辆车，或者选车停在场里的时段。
on-demand-over-budget = 预约乘车“{ $offer }”（{ $service }）：开完线路，剩下的钱不够一辆车。
    .do = 提高预算，或者缩短时段。
on-demand-too-few = 预约乘车“{ $offer }”（{ $service }）：每天会来约的不到 { $few } 人，方案里说他们就等于说到个人，所以不开。
    .do = 把时段放长、多选几个服务日，或者多问一些人。
on-demand-broken-off = 预约乘车“{ $offer }”（{ $service }）：还没试算完就停了，所以这一版不开。
    .do = 重新规划，等它做完：搜索结束后才试算预约乘车。
on-demand-may-not-pay = 预约乘车“{ $offer }”（{ $service }）按试算划算：{ $vehicles } 辆车，每天省 { $saving } 元，花 { $cost } 元；但 90 % 区间从 { $low } 元算起，也可能只是碰巧。
    .do = 先试开几个月，数数有多少人来约；或者等更多人愿意坐再开。
on-demand-too-many = 预约乘车“{ $offer }”（{ $service }）：每天会来约的有 { $people } 人，超过能试算的 { $most } 人，所以不开。
    .do = 让更多人坐线路车（时段、模式），或者缩短预约时段、减少站点。
on-demand-does-not-pay = 预约乘车“{ $offer }”（{ $service }）每天能为乘客省 { $saving } 元，却要花 { $cost } 元（{ $vehicles } 辆车），所以不开。
    .do = 选出行的人更多、或者有车闲在场里的时段；方案里写着最多能省多少。
